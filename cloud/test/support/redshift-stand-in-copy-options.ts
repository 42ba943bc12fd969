import { refused } from './redshift-stand-in-error.ts';
import { mask, textOf } from './redshift-stand-in-text.ts';

/** What a COPY of newline-delimited JSON says. */
export interface CopyOptions {
  readonly table: string;
  /** The columns it fills; undefined for all. */
  readonly columns: readonly string[] | undefined;
  readonly from: string;
  readonly isManifest: boolean;
  readonly isGzip: boolean;
  readonly timeFormat: 'default' | 'auto' | 'epochsecs' | 'epochmillisecs';
  /** A load with this many errors fails; 0 is as 1. */
  readonly maxError: number;
  /** NOLOAD: look at the files and load nothing. */
  readonly isTrial: boolean;
}

/** Options that change nothing here. */
const without = /\b(?:compupdate|statupdate)\s+\w+|\bregion\s+(?:as\s+)?§\d+§|\bdateformat\s+(?:as\s+)?§\d+§/gi;

/**
 * Reads a COPY.
 *
 * @throws StandInError for what Redshift or the stand-in does not know
 */
export function parseCopy(sql: string): CopyOptions {
  const { code, literals } = mask(sql);
  const head = /^copy\s+([\w."]+)\s*(?:\(([^)]*)\))?\s*from\s+§(\d+)§\s*/i.exec(code);
  if (!head) throw refused('syntax error in COPY');
  const [, table = '', columns, from] = head;
  let rest = code.slice(head[0].length).replace(without, ' ');
  const take = (pattern: RegExp): string | undefined => {
    const found = pattern.exec(rest);
    if (!found) return undefined;
    rest = rest.replace(pattern, ' ');
    const [all, value] = found;
    return value?.startsWith('§') ? textOf(literals[Number(value.slice(1, -1))] ?? "''") : (value ?? all);
  };
  const role = take(/\biam_role\s+(§\d+§|default)/i);
  if (role === undefined) throw refused('COPY needs IAM_ROLE');
  if (!/^(default|arn:aws[\w-]*:iam::\d{12}:role\/.+)$/i.test(role)) throw refused(`'${role}' is no IAM role`);
  const json = take(/\b(?:format\s+(?:as\s+)?)?json\s+(?:as\s+)?(§\d+§)/i);
  if (json !== 'auto') throw refused("the stand-in takes FORMAT JSON 'auto' alone");
  const options: CopyOptions = {
    table: table.replaceAll('"', ''),
    columns: columns?.split(',').map((name) => name.trim().replaceAll('"', '').toLowerCase()),
    from: textOf(literals[Number(from)] ?? "''"),
    isManifest: take(/\bmanifest\b/i) !== undefined,
    isGzip: take(/\bgzip\b/i) !== undefined,
    timeFormat: timeFormat(take(/\btimeformat\s+(?:as\s+)?(§\d+§)/i)),
    maxError: Number(take(/\bmaxerror\s+(?:as\s+)?(\d+)/i) ?? 0),
    isTrial: take(/\bnoload\b/i) !== undefined,
  };
  if (rest.trim() !== '') throw refused(`the stand-in does not know '${rest.trim()}' in COPY`);
  return options;
}

function timeFormat(text: string | undefined): CopyOptions['timeFormat'] {
  if (text === undefined) return 'default';
  if (text === 'auto' || text === 'epochsecs' || text === 'epochmillisecs') return text;
  throw refused(`the stand-in does not know TIMEFORMAT '${text}'`);
}
