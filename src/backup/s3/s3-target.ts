import { pipeline, type Readable, Transform } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  DeleteObjectsCommand,
  GetObjectCommand,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { type Digest, Digester, digestOf, sameDigest } from '../digest.ts';
import { ChangedFileError, openLocal } from '../local-file.ts';
import type { BackupTarget, StoredObject } from '../target.ts';
import { explainS3Error, isTransient } from './explain-s3-error.ts';

export interface S3TargetOptions {
  readonly bucket: string;
  /** Without slashes at its ends; empty for the whole bucket. */
  readonly prefix: string;
  readonly pathStyle: boolean;
}

const connectionTimeoutMs = 10_000;
/** No byte either way for this long; a large file may take as long as it needs. */
const idleTimeoutMs = 60_000;
const keysPerRemoval = 1_000;
const firstPauseMs = 200;

const quiet = (): void => undefined;
/** The SDK writes about attempts that it gives up to standard error, amid the progress of a command. */
const silent = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };

/**
 * Backups in a bucket. Region, credentials, endpoint, attempts and certificates come from the AWS SDK's own settings
 * (`AWS_REGION`, `AWS_PROFILE`, `AWS_ENDPOINT_URL_S3`, `AWS_MAX_ATTEMPTS`, …). Every object goes with its SHA-256,
 * which S3 checks before it takes it.
 */
export class S3Target implements BackupTarget {
  readonly name: string;
  readonly #bucket: string;
  readonly #prefix: string;
  readonly #client: S3Client;

  constructor({ bucket, prefix, pathStyle }: S3TargetOptions) {
    this.name = `s3://${bucket}${prefix === '' ? '' : `/${prefix}`}`;
    this.#bucket = bucket;
    this.#prefix = prefix === '' ? '' : `${prefix}/`;
    this.#client = new S3Client({
      forcePathStyle: pathStyle,
      followRegionRedirects: true,
      logger: silent,
      requestHandler: { connectionTimeout: connectionTimeoutMs, socketTimeout: idleTimeoutMs },
    });
  }

  async putFile(key: string, path: string, digest: Digest): Promise<void> {
    // The SDK tries again by itself only what it holds in memory; a file is opened anew for each attempt.
    const attempts = await this.#client.config.maxAttempts();
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await this.#putFile(key, path, digest);
      } catch (error) {
        if (attempt >= attempts || !isTransient(error)) throw this.#explain('write', key, error);
        await sleep(firstPauseMs * 2 ** attempt);
      }
    }
  }

  async put(key: string, bytes: Buffer): Promise<void> {
    try {
      await this.#put(key, bytes, digestOf(bytes));
    } catch (error) {
      throw this.#explain('write', key, error);
    }
  }

  async read(key: string): Promise<Readable> {
    try {
      const { Body } = await this.#client.send(
        new GetObjectCommand({ Bucket: this.#bucket, Key: this.#prefix + key, ChecksumMode: 'ENABLED' }),
      );
      return Body as Readable;
    } catch (error) {
      throw this.#explain('read', key, error);
    }
  }

  async list(folder: string): Promise<StoredObject[]> {
    const found: StoredObject[] = [];
    try {
      const question = { Bucket: this.#bucket, Prefix: this.#prefix + folder };
      for await (const { Contents = [] } of paginateListObjectsV2({ client: this.#client }, question)) {
        for (const { Key = '', Size = 0 } of Contents) found.push({ key: Key.slice(this.#prefix.length), bytes: Size });
      }
    } catch (error) {
      throw this.#explain('list', folder, error);
    }
    return found;
  }

  async remove(keys: readonly string[]): Promise<void> {
    for (let at = 0; at < keys.length; at += keysPerRemoval) {
      const part = keys.slice(at, at + keysPerRemoval);
      const [first = ''] = part;
      try {
        const Objects = part.map((key) => ({ Key: this.#prefix + key }));
        const answer = await this.#client.send(
          new DeleteObjectsCommand({ Bucket: this.#bucket, Delete: { Objects, Quiet: true } }),
        );
        const [refused] = answer.Errors ?? [];
        if (refused) throw Object.assign(new Error(refused.Message ?? ''), { name: refused.Code ?? 'unknown' });
      } catch (error) {
        throw this.#explain('remove', part.length === 1 ? first : `${first} and ${part.length - 1} more`, error);
      }
    }
  }

  async close(): Promise<void> {
    this.#client.destroy();
  }

  async #putFile(key: string, path: string, digest: Digest): Promise<void> {
    const file = await openLocal(path);
    const digester = new Digester();
    const watch = new Transform({
      transform(chunk: Buffer, _encoding, pass) {
        digester.add(chunk);
        pass(null, chunk);
      },
    });
    // The SDK does not notice a body that fails, and would wait for the rest of it.
    const failed = new AbortController();
    const body = pipeline(file.createReadStream(), watch, (error) => error && failed.abort(error));
    try {
      await this.#put(key, body, digest, failed.signal);
    } catch (error) {
      throw failed.signal.aborted ? failed.signal.reason : error;
    } finally {
      body.destroy();
    }
    if (sameDigest(digester.digest(), digest)) return;
    // S3 itself refuses such an object by its checksum; not every server that speaks its language does.
    await this.remove([key]);
    throw new ChangedFileError(`${path} changed while it was sent.`);
  }

  async #put(
    key: string,
    body: Buffer | Readable,
    { bytes, sha256 }: Digest,
    abortSignal = new AbortController().signal,
  ): Promise<void> {
    const checksum = Buffer.from(sha256, 'hex').toString('base64');
    const answer = await this.#client.send(
      new PutObjectCommand({
        Bucket: this.#bucket,
        Key: this.#prefix + key,
        Body: body,
        ContentLength: bytes,
        ChecksumAlgorithm: 'SHA256',
        ChecksumSHA256: checksum,
      }),
      { abortSignal },
    );
    if (answer.ChecksumSHA256 === undefined || answer.ChecksumSHA256 === checksum) return;
    await this.remove([key]);
    throw Object.assign(new Error('It has another SHA-256 than what was sent'), { name: 'BadDigest' });
  }

  #explain(what: 'read' | 'write' | 'list' | 'remove', key: string, error: unknown): Error {
    return explainS3Error({ target: this.name, bucket: this.#bucket, what, key: this.#prefix + key, error });
  }
}
