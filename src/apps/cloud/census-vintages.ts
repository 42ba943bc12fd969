import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import { censusFiles } from '../../sources/census/vintage.ts';

export interface CensusVintagesOptions {
  readonly s3: S3Client;
  readonly bucket: string;
  /** For the files of a vintage, about 6 MB; emptied first. */
  readonly folder: string;
}

const prefix = 'curated/census/';
const pointer = 'current.json';
const manifest = 'snapshot.json';

/** Brings the vintage that was fetched last from the bucket to a folder as `censusFiles` reads it, if there is one. */
export async function downloadVintage({ s3, bucket, folder }: CensusVintagesOptions): Promise<void> {
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  const written = await get(s3, bucket, pointer);
  if (!written) return;
  const { folder: name } = JSON.parse(String(written)) as { folder: string };
  await mkdir(join(folder, name));
  const { files } = await censusFiles();
  for (const file of [manifest, ...Object.values(files).map((path) => basename(path))]) {
    const content = await get(s3, bucket, `${name}/${file}`);
    if (!content) throw new Error(`The bucket has no ${prefix}${name}/${file}, which ${pointer} points to.`);
    await writeFile(join(folder, name, file), content);
  }
  await writeFile(join(folder, pointer), JSON.stringify({ folder: name }));
}

/** Keeps the vintage in use of a folder in the bucket; the pointer last, so that it never points to half a vintage. */
export async function uploadVintage({ s3, bucket, folder }: CensusVintagesOptions): Promise<void> {
  const written = await readFile(join(folder, pointer));
  const { folder: name } = JSON.parse(String(written)) as { folder: string };
  const { files } = await censusFiles(folder);
  for (const path of [join(folder, name, manifest), ...Object.values(files)])
    await put(s3, bucket, `${name}/${basename(path)}`, await readFile(path));
  await put(s3, bucket, pointer, written);
}

async function get(s3: S3Client, bucket: string, name: string): Promise<Buffer | undefined> {
  try {
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: prefix + name }));
    return Buffer.from((await Body?.transformToByteArray()) ?? []);
  } catch (error) {
    if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
    throw error;
  }
}

async function put(s3: S3Client, bucket: string, name: string, content: Buffer): Promise<void> {
  await s3.send(new PutObjectCommand({ Bucket: bucket, Key: prefix + name, Body: content }));
}
