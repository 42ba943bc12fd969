import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** A bucket with curated files below `curated/`. */
export class CuratedFiles {
  readonly #s3: S3Client;
  readonly #bucket: string;

  constructor(s3: S3Client, bucket: string) {
    this.#s3 = s3;
    this.#bucket = bucket;
  }

  async put(name: string, body: string | Buffer): Promise<void> {
    await this.#s3.send(new PutObjectCommand({ Bucket: this.#bucket, Key: `curated/${name}`, Body: body }));
  }

  /** Puts gzipped NDJSON, and resolves with what a manifest says of it. */
  async putLines(folder: string, name: string, rows: readonly unknown[]): Promise<{ name: string; rows: number }> {
    await this.put(`${folder}${name}`, gzipSync(rows.map((row) => `${JSON.stringify(row)}\n`).join('')));
    return { name, rows: rows.length };
  }

  /** Puts every file of a folder, as the job's own file system does on AWS. */
  async putFolder(folder: string): Promise<void> {
    for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name);
      if (entry.isFile() && !entry.name.endsWith('.crc')) await this.put(relative(folder, path), readFileSync(path));
    }
  }

  /** Brings the file that says how far tables are taken over to where the job looks for it. */
  async fetchApplied(folder: string): Promise<void> {
    const query = { Bucket: this.#bucket, Key: 'curated/_applied.json' };
    const { Body } = await this.#s3.send(new GetObjectCommand(query));
    writeFileSync(join(folder, '_applied.json'), (await Body?.transformToString()) ?? '');
  }
}
