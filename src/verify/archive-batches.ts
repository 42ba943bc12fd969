import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import Type, { type Static } from 'typebox';
import { Compile } from 'typebox/compile';
import { archivePaths } from '../archive/manifest.ts';

const whole = Type.Integer({ minimum: 0 });
const ManifestSchema = Type.Object({
  version: Type.Literal(1),
  first: whole,
  last: whole,
  records: whole,
  segments: Type.Array(Type.Object({ sequence: whole, records: whole })),
  files: Type.Array(Type.Object({ path: Type.String(), bytes: whole, sha256: Type.String(), records: whole })),
});
const manifestCheck = Compile(ManifestSchema);

/** What a manifest says of its batch of segment files. */
export type BatchManifest = Static<typeof ManifestSchema>;

/** The names of the manifests of an archive, oldest batch first; none when there is no archive. */
export async function listManifests(folder: string): Promise<string[]> {
  const names = await readdir(archivePaths(folder).manifests).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  return names.filter((name) => /^\d{12}-\d{12}\.json$/.test(name)).sort();
}

/** A manifest, or in words why it is none; undefined when it is gone. */
export async function readManifest(folder: string, name: string): Promise<BatchManifest | string | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(join(archivePaths(folder).manifests, name), 'utf8'));
    return manifestCheck.Check(content) ? content : 'The manifest does not have the form of one.';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    return `The manifest cannot be read: ${(error as Error).message}.`;
  }
}

/** Reads every byte of a batch's file; in words what is wrong with it. */
export async function fileFault(folder: string, file: BatchManifest['files'][number]): Promise<string | undefined> {
  const hash = createHash('sha256');
  let bytes = 0;
  try {
    for await (const chunk of createReadStream(join(folder, file.path), { highWaterMark: 1024 * 1024 })) {
      hash.update(chunk as Buffer);
      bytes += (chunk as Buffer).length;
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'The file is missing.' : (error as Error).message;
  }
  if (bytes !== file.bytes) return `The file has ${bytes} bytes, its manifest says ${file.bytes}.`;
  return hash.digest('hex') === file.sha256 ? undefined : 'The bytes of the file are not those that were written.';
}
