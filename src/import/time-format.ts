/** The parts of a written time, as texts: what the groups of a compiled format are called. */
export type TimeParts = Readonly<Record<string, string | undefined>>;

const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const monthPattern = '(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*\\.?';

const tokens: Readonly<Record<string, string>> = {
  YYYY: '(?<year>\\d{4})',
  YY: '(?<year>\\d{2})',
  MMMM: `(?<monthName>${monthPattern})`,
  MMM: `(?<monthName>${monthPattern})`,
  MM: '(?<month>\\d{2})',
  M: '(?<month>\\d{1,2})',
  DD: '(?<day>\\d{2})',
  D: '(?<day>\\d{1,2})',
  dddd: '[a-z]+\\.?',
  ddd: '[a-z]+\\.?',
  HH: '(?<hour>\\d{2})',
  H: '(?<hour>\\d{1,2})',
  hh: '(?<hour>\\d{2})',
  h: '(?<hour>\\d{1,2})',
  mm: '(?<minute>\\d{2})',
  m: '(?<minute>\\d{1,2})',
  ss: '(?<second>\\d{2})',
  s: '(?<second>\\d{1,2})',
  SSS: '(?<fraction>\\d{1,9})',
  A: '(?<meridiem>[ap]\\.?m?\\.?)',
  a: '(?<meridiem>[ap]\\.?m?\\.?)',
  Z: '(?<offset>z|utc|gmt|[+-]\\d{2}(?::?\\d{2})?)',
};
const token = /\[[^\]]*\]|YYYY|YY|MMMM|MMM|MM|M|DD|D|dddd|ddd|HH|H|hh|h|mm|m|ss|s|SSS|A|a|Z|\s+|./gsu;

/**
 * Compiles a format such as `M/D/YYYY h:mm A` to a regular expression with named groups; text in square brackets
 * stands for itself. Returns a sentence if the format says too little or the same twice.
 */
export function compileTimeFormat(format: string): RegExp | string {
  const parts = format.match(token) ?? [];
  const pattern = parts.map((part) => tokens[part] ?? literal(part)).join('');
  const groups = [...pattern.matchAll(/\(\?<(\w+)>/g)].map(([, group]) => group ?? '');
  const twice = groups.find((group, index) => groups.indexOf(group) !== index);
  if (twice !== undefined) return `names the ${twice} twice: put letters that stand for themselves in [brackets].`;
  const missing = ['year', 'day'].filter((group) => !groups.includes(group));
  if (!groups.includes('month') && !groups.includes('monthName')) missing.push('month');
  if (missing.length > 0) return `lacks the ${missing.join(' and the ')}: use YYYY, MM and DD, as in M/D/YYYY h:mm A.`;
  return new RegExp(`^${pattern}$`, 'iu');
}

function literal(part: string): string {
  if (/^\s+$/.test(part)) return '\\s+';
  const text = part.startsWith('[') && part.endsWith(']') ? part.slice(1, -1) : part;
  return text.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
}

/** The number of a month by its English name or abbreviation, 1 to 12, or 0. */
export function monthOfName(name: string): number {
  return months.indexOf(name.slice(0, 3).toLowerCase()) + 1;
}
