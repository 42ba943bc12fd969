import type { ReferenceName, ReferenceRead, ReferenceReads } from '../../../contract/report.ts';
import { duration, moment } from '../../components/format.ts';

const referenceNames = ['stores', 'customers'] as const satisfies readonly ReferenceName[];
/** They are read once a day, and a day has up to 25 hours. */
const oldMs = 26 * 3_600_000;

/**
 * What a reader should know of the age of stores and customers: one sentence for each that is older than a day or
 * whose last reading failed, the same sentence once. Empty when all is well or there is no source.
 */
export function ageInWords(reads: ReferenceReads | undefined, now: number): string[] {
  const names = new Map<string, ReferenceName[]>();
  for (const name of referenceNames) {
    const read = reads?.[name];
    if (!read || !isWorthSaying(read, now)) continue;
    const words = inWords(read, now);
    names.set(words, [...(names.get(words) ?? []), name]);
  }
  return [...names].map(([words, of]) => `${capital(of.join(' and '))} ${words}.`);
}

function isWorthSaying({ read_at, failed_at }: ReferenceRead, now: number): boolean {
  return failed_at !== null || read_at === null || now - Date.parse(read_at) > oldMs;
}

function inWords({ read_at, failed_at }: ReferenceRead, now: number): string {
  const last =
    read_at === null ? 'have not been read yet' : `were last read ${duration(now - Date.parse(read_at))} ago`;
  return failed_at === null ? last : `${last}, and reading them failed ${moment(failed_at)}`;
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
