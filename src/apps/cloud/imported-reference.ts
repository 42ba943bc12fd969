import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import Type from 'typebox';
import { Compile } from 'typebox/compile';
import type { RefreshStep } from '../../refresh/refresh.ts';
import { CuratedBucket } from '../../sources/curated/curated-bucket.ts';
import { importedPrefix, listName, parseReferenceList, type ReferenceList } from '../export/reference-list.ts';
import type { CuratedStepOptions } from './curated.ts';

const AppliedSchema = Type.Object({ version: Type.Literal(1), applied: Type.Array(Type.String()) });
const checked = Compile(AppliedSchema);
const appliedName = '_applied.json';

/** What the step for the files of the Glue job takes as well. */
export type ImportedStepOptions = Omit<CuratedStepOptions, 'now'>;

type ListedFile = ReferenceList['files'][number];

/**
 * The step of the refresh that takes over the stores and customers of single machines, as `slicehouse export` has sent
 * them: each change once and in its order, so that their history comes out the same.
 */
export function importedStep(options: ImportedStepOptions): RefreshStep {
  const { s3, bucket } = options;
  return {
    name: 'imported',
    async run({ signal, progress }) {
      const place = new CuratedBucket({ client: s3, bucket, prefix: importedPrefix });
      const chains = await place.folders('', signal);
      if (chains.length === 0)
        return { rows: null, skipped: true, detail: 'Nothing was exported from another machine.' };
      let files = 0;
      for (const chain of chains) {
        files += await takeOver(options, place, chain, (done, total) => {
          signal.throwIfAborted();
          progress(done, total);
        });
      }
      return { rows: null, detail: `${files} files of changes taken over` };
    },
  };
}

/** Resolves with the files that were applied now. */
async function takeOver(
  options: ImportedStepOptions,
  place: CuratedBucket,
  chain: string,
  onApplied: (done: number, total: number) => void,
): Promise<number> {
  const listed = await place.text(`${chain}/${listName}`);
  // Without its list, an export is under way.
  if (listed === undefined) return 0;
  const { files } = parseReferenceList(listed, `${place.name}${chain}/${listName}`);
  const before = appliedIn(await place.text(`${chain}/${appliedName}`));
  // Changes that were folded since are other files: given all of them again in their order, the warehouse ends the same.
  const applied = before.every((name, index) => files[index]?.name === name) ? before : [];
  const fresh = files.slice(applied.length);
  for (const [index, file] of fresh.entries()) {
    await apply(options, chain, file);
    applied.push(file.name);
    await keepApplied(options, chain, applied);
    onApplied(index + 1, fresh.length);
  }
  return fresh.length;
}

async function apply(options: ImportedStepOptions, chain: string, { name, table, sha256 }: ListedFile): Promise<void> {
  const { warehouse, folder } = options;
  const path = join(folder, 'imported.ndjson');
  try {
    await fetchFile(options, `${importedPrefix}${chain}/${name}`, sha256, path);
    await (table === 'stores' ? warehouse.upsertStores(path) : warehouse.upsertCustomers(path));
  } finally {
    await rm(path, { force: true });
  }
}

async function fetchFile(
  { s3, bucket }: ImportedStepOptions,
  key: string,
  sha256: string,
  path: string,
): Promise<void> {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
  const hash = createHash('sha256');
  const watch = new Transform({
    transform(chunk: Buffer, _encoding, pass) {
      hash.update(chunk);
      pass(null, chunk);
    },
  });
  await pipeline(Body as Readable, createGunzip(), watch, createWriteStream(path));
  if (hash.digest('hex') !== sha256)
    throw new Error(`s3://${bucket}/${key} is not what its list says. Run the export again.`);
}

function appliedIn(text: string | undefined): string[] {
  if (text === undefined) return [];
  const value: unknown = JSON.parse(text);
  return checked.Check(value) ? value.applied : [];
}

async function keepApplied(
  { s3, bucket }: ImportedStepOptions,
  chain: string,
  applied: readonly string[],
): Promise<void> {
  await s3.send(
    new PutObjectCommand({
      Bucket: bucket,
      Key: `${importedPrefix}${chain}/${appliedName}`,
      Body: JSON.stringify({ version: 1, applied }),
      ContentType: 'application/json',
    }),
  );
}
