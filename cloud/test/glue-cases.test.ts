import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { stateCode, states } from '../../src/contract/states.ts';
import { plainZip } from '../../src/sources/geography/plain-zip.ts';
import { entities, type FieldKind, type RawRow } from '../../src/sources/mysql/entities.ts';
import { readValue } from '../../src/sources/mysql/read-value.ts';
import type { ReferenceTable } from '../../src/sources/source.ts';
import { earliestLocal, instantOf, zoneClock } from '../../src/sources/zone-clock.ts';

/** What both the job and the source of one machine make of the same values. */
interface Cases {
  readonly values: readonly { written: string | null; kind: FieldKind; is_number: boolean; value: unknown }[];
  readonly zips: readonly { written: string; zip: string | null }[];
  readonly states: readonly { written: string; code: string | null }[];
  readonly instants: readonly { local: string; zone: string; instant: string | null }[];
  readonly earliest: readonly { instant: string; zone: string; local: string }[];
  readonly rows: Readonly<Record<ReferenceTable, readonly { row: RawRow; record?: object; faults?: object[] }[]>>;
}

const glue = fileURLToPath(new URL('../glue/', import.meta.url));
const readJson = <T>(path: string): T => JSON.parse(readFileSync(`${glue}${path}`, 'utf8')) as T;
const cases = readJson<Cases>('tests/cases.json');

describe('the cases of the job hold on one machine', () => {
  it.each(cases.values)('value $written as $kind', ({ written, kind, is_number, value }) => {
    const given = is_number && Number.isFinite(Number(written)) ? Number(written) : written;
    // In JSON, as in a record, zero has no sign.
    expect(JSON.stringify(readValue(given, kind) ?? null)).toBe(JSON.stringify(value));
  });

  it.each(cases.zips)('ZIP code $written', ({ written, zip }) => expect(plainZip(written) ?? null).toBe(zip));

  it.each(cases.states)('state $written', ({ written, code }) => expect(stateCode(written) ?? null).toBe(code));

  it.each(cases.instants)('time $local in $zone', ({ local, zone, instant }) =>
    expect(instantOf(local, zoneClock(zone)) ?? null).toBe(instant),
  );

  it.each(cases.earliest)('earliest local time of $instant in $zone', ({ instant, zone, local }) =>
    expect(earliestLocal(Date.parse(instant), zoneClock(zone))).toBe(local),
  );

  const rows = Object.entries(cases.rows).flatMap(([table, found]) => found.map((one) => ({ table, ...one })));
  it.each(rows)('row of $table: $row', ({ table, row, record, faults }) =>
    expect(entities[table as ReferenceTable].normalise(row)).toEqual(record ? { record } : { faults }),
  );
});

it('the job knows the same states by the same words', () => {
  const known =
    readJson<{ code: string; name: string; time_zone: string; spoken: string[] }[]>('modules/curate/states.json');
  expect(known.map(({ code, name, time_zone }) => [code, name, time_zone])).toEqual(
    states.map(({ code, name, timeZone }) => [code, name, timeZone]),
  );
  const source = readFileSync(new URL('../../src/contract/states.ts', import.meta.url), 'utf8');
  const [, spoken = ''] = /const spoken = `\n([^`]*)`/.exec(source) ?? [];
  const written = known
    .filter((state) => state.spoken.length > 0)
    .map((state) => [state.code, ...state.spoken].join('|'));
  expect(written.sort()).toEqual(spoken.split('\n').sort());
});

it('the cases hold for the job, and so do the tests of its own', (context) => {
  const python = process.env['GLUE_PYTHON'] || 'python3';
  const isThere = spawnSync(python, ['-c', 'import pytest']).status === 0;
  if (!isThere && process.env['CI'] === 'true')
    throw new Error(`${python} has no pytest: name another with GLUE_PYTHON`);
  if (!isThere) context.skip(`${python} has no pytest`);
  const { status, stdout } = spawnSync(python, ['-m', 'pytest', '-q', '-p', 'no:cacheprovider'], {
    cwd: glue,
    encoding: 'utf8',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  expect(status, stdout).toBe(0);
  expect(stdout).toMatch(/\d{2,} passed/);
});
