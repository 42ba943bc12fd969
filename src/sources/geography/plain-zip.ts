/**
 * The five digits of a ZIP code as people and spreadsheets write it: "78704-1234", "787041234", " ７８７０４ ",
 * "2139" for 02139, "78704.0". Undefined if it is none.
 */
export function plainZip(written: string): string | undefined {
  const text = written
    .normalize('NFKC')
    .replace(/[\s\p{Cf}]+/gu, ' ')
    .trim()
    .replace(/\.0$/, '');
  const [, short, long] = /^(?:(\d{3,5})(?: ?[-–] ?\d{4})?|(\d{5}) ?\d{4})$/.exec(text) ?? [];
  return short?.padStart(5, '0') ?? long;
}
