/** One thing to choose from a list. */
export interface ComboboxOption {
  readonly value: string;
  readonly label: string;
  /** A short form that also finds it, shown beside the label. */
  readonly code?: string;
}

/** Best first: the code itself, names that begin so, names with a word that begins so, names that hold it. */
export function matching(options: readonly ComboboxOption[], typed: string): readonly ComboboxOption[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return options;
  const rank = ({ label, code }: ComboboxOption): number => {
    const name = label.toLowerCase();
    if (code?.toLowerCase() === wanted) return 0;
    if (name.startsWith(wanted)) return 1;
    if (name.includes(` ${wanted}`)) return 2;
    return name.includes(wanted) ? 3 : 4;
  };
  return options
    .map((option) => ({ option, rank: rank(option) }))
    .filter((one) => one.rank < 4)
    .sort((one, other) => one.rank - other.rank)
    .map((one) => one.option);
}
