/** What the Bureau appends to the name of a place to say what kind it is, after "(balance)" is gone. */
const kind =
  / (?:CDP|city and borough|city|town|village|borough|municipality|comunidad|zona urbana|corporation|urban county|(?:unified|consolidated|metro|metropolitan) government)$/;

/** Names that no rule below makes into what people say. */
const spoken: Readonly<Record<string, string>> = {
  'Boise City': 'Boise',
  'Butte-Silver Bow': 'Butte',
  'Lexington-Fayette': 'Lexington',
  'Nashville-Davidson': 'Nashville',
  'Urban Honolulu': 'Honolulu',
};

/**
 * The name people use for a place, from the Bureau's: "Abanda CDP" is Abanda, "Indianapolis city (balance)" is
 * Indianapolis, and a city that merged with its county, "Louisville/Jefferson County metro government", Louisville.
 */
export function placeName(official: string): string {
  const name = official.replace(/ \(balance\)$/, '').replace(kind, '');
  const merged = /^([^-/,]+)(?:[-/]|, ).+ County$/.exec(name)?.[1];
  return merged ?? (Object.hasOwn(spoken, name) ? spoken[name] : undefined) ?? name;
}
