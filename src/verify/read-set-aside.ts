import type { SegmentFolder, SetAsideCheck } from '../stream/segment-folder.ts';
import type { BooksAudit, ReportDiscrepancy } from '../warehouse/audit.ts';

export interface ReadSetAsideOptions {
  readonly folder: SegmentFolder;
  /** Files ending in `.damaged`, `.unreadable`, or one of them with a number. */
  readonly names: readonly string[];
  readonly audit: BooksAudit;
  readonly report: ReportDiscrepancy;
}

/**
 * Reads every file that was set aside. One that may hold orders which are nowhere else is a problem; the others are
 * named in notes.
 *
 * @returns the notes
 */
export async function readSetAside({ folder, names, audit, report }: ReadSetAsideOptions): Promise<string[]> {
  const notes: string[] = [];
  for (const name of names) {
    const check = await folder.checkSetAside(name);
    if (!check) continue;
    const isLoaded = check.segment === 'gone' && (await audit.loaded([check.sequence])).has(check.sequence);
    if (isLoaded || check.records + check.stretches === 0) notes.push(noteOf(check, isLoaded));
    else report({ code: 'set_aside_alone', where: `segments/${name}`, detail: detailOf(check) });
  }
  return notes;
}

function noteOf({ name, sequence, segment }: SetAsideCheck, isLoaded: boolean): string {
  const was = `segments/${name} is segment file ${sequence} as it was before rejects took the place of records`;
  const rest = isLoaded
    ? 'that file was loaded, and has left the folder since.'
    : segment === 'there'
      ? 'everything in it is in that file too, or in its rejects.'
      : 'there is no record in it.';
  return `${was}: ${rest} Remove it when you have seen it.`;
}

function detailOf({ segment, sequence, records, stretches }: SetAsideCheck): string {
  const what = [
    ...(records > 0 ? [`${records} whole ${records === 1 ? 'record' : 'records'}`] : []),
    ...(stretches > 0 ? [`${stretches} damaged ${stretches === 1 ? 'stretch' : 'stretches'}`] : []),
  ].join(' and ');
  if (segment === 'there')
    return `It holds ${what} that segment file ${sequence} has neither as records nor in rejects.`;
  return `It holds ${what}, segment file ${sequence} is gone, and the ledger does not know it.`;
}
