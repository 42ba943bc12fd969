import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { parseInstant } from '../contract/instant.ts';
import { digestOf } from './digest.ts';
import { readAll } from './fetch-object.ts';
import type { BackupTarget } from './target.ts';

/** What a data folder holds, as far as a backup is concerned. */
export const fileKinds = ['segments', 'archive', 'reference', 'keys'] as const;
export type FileKind = (typeof fileKinds)[number];

const BackupFileSchema = Type.Object({
  path: Type.String({ description: 'In the data folder, with slashes' }),
  key: Type.String({ description: 'In the target' }),
  bytes: Type.Integer({ minimum: 0 }),
  sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
});
export type BackupFile = Static<typeof BackupFileSchema>;

const ManifestSchema = Type.Object({
  version: Type.Literal(1),
  taken_at: Type.String(),
  records: Type.Object({
    segments: Type.Integer({ description: 'In segment files that are not archived' }),
    archive: Type.Integer({ description: 'In archived segment files' }),
    reference: Type.Integer({ description: 'Accepted changes of stores and customers' }),
  }),
  files: Type.Array(BackupFileSchema),
});

/** The list of what makes up one backup, written last: without it the files in a target are no backup. */
export type BackupManifest = Static<typeof ManifestSchema>;

/** One backup of a target, by its name alone. */
export interface BackupName {
  /** `20260208T183107.123Z`: names sort by time. */
  readonly name: string;
  readonly takenAtMs: number;
}

/** A manifest that cannot be used as it lies there. */
export class ManifestError extends Error {}

export const manifestFolder = 'backups/';
export const fileFolder = 'files/';

const check = Compile(ManifestSchema);

/**
 * The key of a file: its path and what it holds, so that a key never gets other bytes, whatever became of the data
 * folder meanwhile (restored to an earlier time, it numbers new segment files like lost ones).
 */
export function keyOf(path: string, sha256: string): string {
  return `${fileFolder}${path}.${sha256}`;
}

export function manifestKey({ name }: BackupName): string {
  return `${manifestFolder}${name}.json`;
}

export function backupName(takenAtMs: number): BackupName {
  return { name: new Date(takenAtMs).toISOString().replace(/[-:]/g, ''), takenAtMs };
}

/** The backups of a target, newest first. */
export async function listBackups(target: BackupTarget): Promise<BackupName[]> {
  const found = (await target.list(manifestFolder)).flatMap(({ key }) => nameOf(key) ?? []);
  return found.sort((one, other) => other.takenAtMs - one.takenAtMs);
}

/** The time that people mean by a backup's name or by RFC 3339, in milliseconds since 1970; undefined when it is neither. */
export function parseBackupTime(written: string): number | undefined {
  return parseName(written) ?? parseInstant(written)?.epochMs;
}

/**
 * The newest backup, or the newest that was taken at a time or before it.
 *
 * @throws Error when there is none
 */
export async function chooseBackup(target: BackupTarget, atMs = Number.POSITIVE_INFINITY): Promise<BackupName> {
  const backups = await listBackups(target);
  const chosen = backups.find(({ takenAtMs }) => takenAtMs <= atMs);
  if (chosen) return chosen;
  const oldest = backups.at(-1);
  throw new Error(
    oldest
      ? `${target.name} has no backup as old as that; the oldest is ${oldest.name}.`
      : `There is no backup in ${target.name}.`,
  );
}

export async function writeManifest(target: BackupTarget, name: BackupName, manifest: BackupManifest): Promise<void> {
  const text = JSON.stringify(manifest);
  const sealed = `{"sha256":"${digestOf(Buffer.from(text)).sha256}","manifest":${text}}\n`;
  await target.put(manifestKey(name), Buffer.from(sealed));
}

/**
 * The manifest of a backup.
 *
 * @throws ManifestError when it is damaged or of a newer version
 */
export async function readManifest(target: BackupTarget, name: BackupName): Promise<BackupManifest> {
  const key = manifestKey(name);
  const written = (await readAll(target, key)).toString();
  const parts = /^\{"sha256":"([0-9a-f]{64})","manifest":(.*)\}\n$/s.exec(written);
  const [, sha256, text = ''] = parts ?? [];
  if (digestOf(Buffer.from(text)).sha256 !== sha256)
    throw new ManifestError(`${target.name}: ${key} is damaged. Remove it and use another backup.`);
  const manifest: unknown = JSON.parse(text);
  if (!check.Check(manifest) || !manifest.files.every(isSound))
    throw new ManifestError(`${target.name}: ${key} was not written by this version; use the newest Slicehouse.`);
  return manifest;
}

/** Whether a path stays inside the folder it is put under. */
export function isInside(path: string): boolean {
  return path.split('/').every((part) => part !== '' && part !== '.' && part !== '..' && !/[\\:\0]/.test(part));
}

function isSound({ path, key, sha256 }: BackupFile): boolean {
  return isInside(path) && key === keyOf(path, sha256);
}

function nameOf(key: string): BackupName | undefined {
  const name = /^backups\/(.+)\.json$/.exec(key)?.[1] ?? '';
  const takenAtMs = parseName(name);
  return takenAtMs === undefined ? undefined : { name, takenAtMs };
}

function parseName(name: string): number | undefined {
  const parts = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d\.\d{3}Z)$/.exec(name);
  if (!parts) return undefined;
  const [, year, month, day, hour, minute, second] = parts;
  return parseInstant(`${year}-${month}-${day}T${hour}:${minute}:${second}`)?.epochMs;
}
