import { createReadStream, createWriteStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import { listReference } from '../../backup/data-files.ts';
import { digestFile } from '../../backup/local-file.ts';
import type { BackupTarget } from '../../backup/target.ts';
import { importedPrefix, listName, type ReferenceList } from './reference-list.ts';

/** What was sent, and what was there. */
export interface SentReference {
  /** Files of accepted changes. */
  readonly files: number;
  readonly filesSent: number;
}

/**
 * Sends the accepted changes of stores and customers as they were given to the warehouse, and then the list of them
 * in their order. With the same changes in the same order, another warehouse has the same stores and customers, their
 * history and those that are gone included.
 *
 * @throws ChangedFileError when a file vanishes meanwhile
 */
export async function sendReference(folder: string, chain: string, target: BackupTarget): Promise<SentReference> {
  const place = `${importedPrefix}${chain}/`;
  const there = new Set((await target.list(place)).map(({ key }) => key.slice(place.length)));
  const files: ReferenceList['files'] = [];
  let filesSent = 0;
  for (const path of await listReference(folder)) {
    const file = join(folder, path);
    const { sha256 } = await digestFile(file);
    const [, number, table] = /^(\d+)-(stores|customers)\.ndjson$/.exec(basename(path)) ?? [];
    const name = `${number}-${table}.${sha256.slice(0, 16)}.ndjson.gz`;
    files.push({ name, table: table === 'stores' ? 'stores' : 'customers', sha256 });
    if (there.has(name)) continue;
    await sendPacked(file, place + name, target);
    filesSent += 1;
  }
  if (files.length > 0) await sendList(`${place}${listName}`, { version: 1, files }, there.has(listName), target);
  return { files: files.length, filesSent };
}

/** There may be millions of customers: the file is packed on disk. */
async function sendPacked(file: string, key: string, target: BackupTarget): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'slicehouse-export-'));
  try {
    const packed = join(folder, 'packed');
    await pipeline(createReadStream(file), createGzip(), createWriteStream(packed, { mode: 0o600 }));
    await target.putFile(key, packed, await digestFile(packed));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function sendList(key: string, list: ReferenceList, isThere: boolean, target: BackupTarget): Promise<void> {
  const text = `${JSON.stringify(list, null, 2)}\n`;
  if (isThere && (await buffer(await target.read(key))).toString() === text) return;
  await target.put(key, Buffer.from(text));
}
