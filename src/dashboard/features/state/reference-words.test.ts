import { describe, expect, test } from 'vitest';
import type { ReferenceRead } from '../../../contract/report.ts';
import { moment } from '../../components/format.ts';
import { ageInWords } from './reference-words.ts';

const now = Date.parse('2026-06-10T12:00:00Z');
const ago = (hours: number): string => new Date(now - hours * 3_600_000).toISOString();
const read = (hours: number | null, failedHours?: number): ReferenceRead => ({
  read_at: hours === null ? null : ago(hours),
  age_seconds: hours === null ? null : hours * 3600,
  failed_at: failedHours === undefined ? null : ago(failedHours),
  failure: failedHours === undefined ? null : 'It does not answer.',
});

describe('the age of stores and customers', () => {
  test('is not said without a source, nor on the day after they were read', () => {
    expect(ageInWords(undefined, now)).toEqual([]);
    expect(ageInWords({}, now)).toEqual([]);
    expect(ageInWords({ stores: read(1), customers: read(25) }, now)).toEqual([]);
  });

  test('is said when they are older than a day, together when it is the same', () => {
    expect(ageInWords({ stores: read(1), customers: read(72) }, now)).toEqual(['Customers were last read 3 days ago.']);
    expect(ageInWords({ stores: read(48), customers: read(48) }, now)).toEqual([
      'Stores and customers were last read 2 days ago.',
    ]);
    expect(ageInWords({ stores: read(48), customers: read(72) }, now)).toEqual([
      'Stores were last read 2 days ago.',
      'Customers were last read 3 days ago.',
    ]);
  });

  test('is said when the last attempt failed, however young they are', () => {
    expect(ageInWords({ customers: read(3, 2) }, now)).toEqual([
      `Customers were last read 3 h ago, and reading them failed ${moment(ago(2))}.`,
    ]);
  });

  test('is said when they were never read', () => {
    expect(ageInWords({ stores: read(null), customers: read(null, 1) }, now)).toEqual([
      'Stores have not been read yet.',
      `Customers have not been read yet, and reading them failed ${moment(ago(1))}.`,
    ]);
  });
});
