import { existsSync, readdirSync } from 'node:fs';
import { type Manifest, type Removed, readManifests, readRemoved } from '../../archive/manifest.ts';
import { type ReferenceFile, readReferenceFiles } from '../../archive/reference-log.ts';
import { runsOfMissing } from '../../archive/runs-of-missing.ts';
import type { OldLedger } from '../../warehouse/duckdb/read-ledger.ts';
import { archiveFolder, type DataFolder } from '../data-folder.ts';

/** What a warehouse can be made from, and what it will lack. */
export interface RebuildPlan {
  readonly reference: readonly ReferenceFile[];
  readonly manifests: readonly Manifest[];
  /** Orders that were loaded once and whose records are no longer in the folder. */
  readonly missing: readonly Removed[];
}

/** Looks through a data folder, and at the ledger of its present warehouse if that can be read. */
export async function planRebuild(folder: DataFolder, old: OldLedger | undefined): Promise<RebuildPlan> {
  const archive = archiveFolder(folder);
  const manifests = await readManifests(archive);
  const removed = await readRemoved(archive);
  const inFiles = sequencesIn(folder.segments);
  const there = new Set([...manifests.flatMap(({ segments }) => segments.map(({ sequence }) => sequence)), ...inFiles]);
  const known = removed ?? goneUnseen(there);
  const inLedger = (old?.segments ?? []).filter(({ sequence }) => !known.some((run) => covers(run, sequence)));
  return {
    reference: await readReferenceFiles(archive),
    manifests,
    missing: [...known, ...runsOfMissing(inLedger, there)],
  };
}

/** A folder from before there were archives, whose first files are gone. */
function goneUnseen(there: ReadonlySet<number>): Removed[] {
  const oldest = [...there].reduce((least, sequence) => Math.min(least, sequence), Number.POSITIVE_INFINITY);
  if (!Number.isFinite(oldest) || oldest <= 1) return [];
  return [{ first: 1, last: oldest - 1, records: 0, reason: 'before the archive' }];
}

function sequencesIn(folder: string): number[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder).flatMap((name) => (/^\d{12}\.ndjson$/.test(name) ? Number(name.slice(0, 12)) : []));
}

const covers = ({ first, last }: Removed, sequence: number): boolean => first <= sequence && sequence <= last;

/** What is missing, a line each, for whoever has to decide. */
export function describeMissing(missing: readonly Removed[]): string {
  const why = { archiveDays: 'older than archiveDays', 'before the archive': 'removed before there was an archive' };
  return missing
    .map(({ first, last, records, reason }) => {
      const count = records > 0 ? `${records.toLocaleString('en-US')} records` : 'an unknown number of records';
      return `  segment files ${first} to ${last}, ${count}: ${why[reason]}`;
    })
    .join('\n');
}
