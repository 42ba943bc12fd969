import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { HeadObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { digestObject } from '../../src/backup/fetch-object.ts';
import { digestFile } from '../../src/backup/local-file.ts';
import { targetOf } from '../../src/backup/target-of.ts';
import { startBusyServer } from '../support/busy-server.ts';
import { type MotoServer, startMoto, whyNoMoto } from '../support/moto-server.ts';
import { temporaryFolders } from '../support/temporary-folders.ts';
import { testBackupTarget } from './backup-target.ts';

const newFolder = temporaryFolders();
const missing = whyNoMoto();
if (missing !== undefined) console.warn(`Without tests against S3: ${missing}`);
let server: MotoServer | undefined;

beforeAll(async () => {
  if (missing !== undefined) return;
  server = await startMoto();
  await server.createBucket('slicehouse-backups');
}, 120_000);

afterEach(() => {
  vi.unstubAllEnvs();
});

afterAll(async () => {
  await server?.stop();
});

beforeEach((context) => {
  for (const [name, value] of Object.entries(server?.environment ?? {})) vi.stubEnv(name, value);
  if (missing === undefined) return;
  if (process.env['CI'] === 'true') throw new Error(missing);
  context.skip(missing);
});

const address = (): string => server?.environment['AWS_ENDPOINT_URL_S3'] ?? '';

testBackupTarget("in a bucket (needs moto's server)", () => targetOf(`s3://slicehouse-backups/${randomUUID()}/chain/`));

describe("an S3 target (needs moto's server)", () => {
  it('sends the SHA-256 of each object with it', async () => {
    const target = await targetOf('s3://slicehouse-backups/checksums');
    const folder = newFolder();
    const path = join(folder, 'file');
    writeFileSync(path, 'from a file');
    await target.putFile('files/a.1', path, await digestFile(path));
    await target.put('files/b.2', Buffer.from('from memory'));
    await target.close();
    const client = new S3Client({});
    for (const [key, content] of Object.entries({ 'files/a.1': 'from a file', 'files/b.2': 'from memory' })) {
      const question = { Bucket: 'slicehouse-backups', Key: `checksums/${key}`, ChecksumMode: 'ENABLED' as const };
      const { ChecksumSHA256 } = await client.send(new HeadObjectCommand(question));
      expect(ChecksumSHA256).toBe(createHash('sha256').update(content).digest('base64'));
    }
    client.destroy();
  });

  it('finds the bucket in the path of the address when told so', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_S3', address().replace('127.0.0.1', 'localhost'));
    const target = await targetOf('s3://slicehouse-backups/by-path', { s3PathStyle: true });
    await target.put('files/a.1', Buffer.from('x'));
    expect(await target.list('files/')).toEqual([{ key: 'files/a.1', bytes: 1 }]);
    await target.close();
  });

  it('sends a file again when the service was busy, and reads it again when the connection broke', async () => {
    const folder = newFolder();
    const path = join(folder, 'file');
    writeFileSync(path, randomBytes(300_000));
    const digest = await digestFile(path);
    const busy = await startBusyServer(address());
    vi.stubEnv('AWS_ENDPOINT_URL_S3', busy.address);
    const target = await targetOf('s3://slicehouse-backups/busy');
    await target.putFile('files/a.1', path, digest);
    expect(await digestObject(target, 'files/a.1')).toEqual(digest);
    expect(busy.failed()).toEqual({ uploads: 2, downloads: 2 });
    await target.close();
    await busy.stop();
  });

  it('names the bucket that does not exist', async () => {
    const target = await targetOf('s3://no-such-bucket/x');
    await expect(target.list('files/')).rejects.toThrow(
      /cannot list "x\/files\/" in bucket "no-such-bucket" .*make it/,
    );
    await expect(target.put('files/a.1', Buffer.from('x'))).rejects.toThrow(/cannot write "x\/files\/a.1"/);
    await target.close();
  });

  it('says what to set when nothing listens, and no secret', async () => {
    vi.stubEnv('AWS_ENDPOINT_URL_S3', 'http://127.0.0.1:8299');
    vi.stubEnv('AWS_MAX_ATTEMPTS', '1');
    const target = await targetOf('s3://slicehouse-backups/x');
    const said = await target.list('files/').then(String, (error: Error) => error.message);
    expect(said).toMatch(/cannot be reached: check .*AWS_ENDPOINT_URL/);
    expect(said).not.toContain('test-secret');
    await target.close();
  });
});
