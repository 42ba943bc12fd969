import { spell } from '../../../contract/combination-label.ts';
import type { TopCombinationRow } from '../../../contract/report.ts';

/** The name over a combination: how the menu calls it, else its first toppings ("Pepperoni, mushroom and 2 more"). */
export function titleOf(
  { toppings }: Pick<TopCombinationRow, 'toppings'>,
  menuItem: string | null | undefined,
): string {
  if (menuItem) return menuItem;
  const names = [...new Set(toppings.map(({ name }) => spell(name)))];
  if (names.length === 0) return 'Cheese';
  const shown = names.slice(0, names.length > 3 ? 2 : 3);
  const more = names.length - shown.length;
  const title = more > 0 ? `${shown.join(', ')} and ${more} more` : shown.join(', ');
  return title.charAt(0).toUpperCase() + title.slice(1);
}
