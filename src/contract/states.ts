/** The 50 states, the District of Columbia and Puerto Rico: USPS code, name, FIPS code, commonest time zone. */
export interface State {
  readonly code: string;
  readonly name: string;
  readonly fips: string;
  readonly timeZone: string;
}

const rows = `
AL|Alabama|01|America/Chicago
AK|Alaska|02|America/Anchorage
AZ|Arizona|04|America/Phoenix
AR|Arkansas|05|America/Chicago
CA|California|06|America/Los_Angeles
CO|Colorado|08|America/Denver
CT|Connecticut|09|America/New_York
DE|Delaware|10|America/New_York
DC|District of Columbia|11|America/New_York
FL|Florida|12|America/New_York
GA|Georgia|13|America/New_York
HI|Hawaii|15|Pacific/Honolulu
ID|Idaho|16|America/Boise
IL|Illinois|17|America/Chicago
IN|Indiana|18|America/Indiana/Indianapolis
IA|Iowa|19|America/Chicago
KS|Kansas|20|America/Chicago
KY|Kentucky|21|America/New_York
LA|Louisiana|22|America/Chicago
ME|Maine|23|America/New_York
MD|Maryland|24|America/New_York
MA|Massachusetts|25|America/New_York
MI|Michigan|26|America/Detroit
MN|Minnesota|27|America/Chicago
MS|Mississippi|28|America/Chicago
MO|Missouri|29|America/Chicago
MT|Montana|30|America/Denver
NE|Nebraska|31|America/Chicago
NV|Nevada|32|America/Los_Angeles
NH|New Hampshire|33|America/New_York
NJ|New Jersey|34|America/New_York
NM|New Mexico|35|America/Denver
NY|New York|36|America/New_York
NC|North Carolina|37|America/New_York
ND|North Dakota|38|America/Chicago
OH|Ohio|39|America/New_York
OK|Oklahoma|40|America/Chicago
OR|Oregon|41|America/Los_Angeles
PA|Pennsylvania|42|America/New_York
PR|Puerto Rico|72|America/Puerto_Rico
RI|Rhode Island|44|America/New_York
SC|South Carolina|45|America/New_York
SD|South Dakota|46|America/Chicago
TN|Tennessee|47|America/Chicago
TX|Texas|48|America/Chicago
UT|Utah|49|America/Denver
VT|Vermont|50|America/New_York
VA|Virginia|51|America/New_York
WA|Washington|53|America/Los_Angeles
WV|West Virginia|54|America/New_York
WI|Wisconsin|55|America/Chicago
WY|Wyoming|56|America/Denver`;

/** In the order of their names. */
export const states: readonly State[] = rows
  .trim()
  .split('\n')
  .map((row) => {
    const [code = '', name = '', fips = '', timeZone = ''] = row.split('|');
    return { code, name, fips, timeZone };
  });

/** What people write besides codes and names, as `plain` leaves it: abbreviations, and names often misspelled. */
const spoken = `
AL|ala
AK|alas
AZ|ariz
AR|ark
CA|cal|calif|cali
CO|colo|colorodo
CT|conn|conneticut
DE|del
DC|washington dc|washington d c|wash dc|wash d c|district of colombia|dist of columbia|washington district of columbia|dc washington
FL|fla
HI|haw
IL|ill|ills|illinios
IN|ind
KS|kan|kans
MA|mass|massachussetts|massachusets
MI|mich|michagan
MN|minn
MS|miss|missisippi|mississipi|misissippi
MT|mont
NE|neb|nebr
NV|nev
NH|n hampshire
NJ|n jersey
NM|n mex|new mex|n mexico
NY|n york|ny state|new york state
NC|n car|n carolina|no carolina
ND|n dak|n dakota|no dakota
OK|okla
OR|ore|oreg
PA|penn|penna|pennsylvannia|pensylvania
PR|porto rico
RI|r island
SC|s car|s carolina|so carolina
SD|s dak|s dakota|so dakota
TN|tenn|tennesee|tennesse
TX|tex
WA|wash|washington state|wa state
WV|w va|w virginia|west va
WI|wis|wisc|wisconson
WY|wyo`;

const byCode = new Map(states.map((state) => [state.code, state]));
const codeOf = new Map<string, string>();
for (const row of spoken.trim().split('\n')) {
  const [code = '', ...written] = row.split('|');
  for (const one of written) codeOf.set(one, code);
}
for (const { code, name } of states) {
  codeOf.set(code.toLowerCase(), code);
  codeOf.set(name.toLowerCase(), code);
  codeOf.set(name.toLowerCase().replaceAll(' ', ''), code);
}

/** The USPS code for what people write ("tx", "Texas", "calif.", "N.Y."), or undefined if it is none of the 52. */
export function stateCode(written: string): string | undefined {
  if (byCode.has(written)) return written;
  const whole = plain(written);
  const bare = whole.replace(/^(?:us|usa|(?:the )?(?:state|commonwealth) of) | (?:us|usa|united states)$/g, '');
  return codeOf.get(bare) ?? initials(bare);
}

/** No case, no marks, no odd widths or invisible characters; one space between words. */
function plain(written: string): string {
  return written
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\p{Cf}'’‘ʻ`]/gu, '')
    .replace(/[\s.,;:/()_\-–—]+/g, ' ')
    .trim();
}

/** "n y" and "d c" by their letters; three letters apart are no state. */
function initials(bare: string): string | undefined {
  return /^[a-z] [a-z]$/.test(bare) ? codeOf.get(bare.replace(' ', '')) : undefined;
}

/** The state of a USPS code. */
export function stateOf(code: string): State | undefined {
  return byCode.get(code);
}
