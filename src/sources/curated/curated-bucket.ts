import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GetObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { SourceError } from '../source.ts';

export interface CuratedPlace {
  readonly client: S3Client;
  readonly bucket: string;
  /** Of the curated files, with a slash at its end. */
  readonly prefix: string;
}

/** The part of a bucket that holds curated files. */
export class CuratedBucket {
  /** `s3://bucket/prefix`. */
  readonly name: string;
  readonly #place: CuratedPlace;

  constructor(place: CuratedPlace) {
    this.#place = place;
    this.name = `s3://${place.bucket}/${place.prefix}`;
  }

  /**
   * The names of the folders right below one, such as `customers/`, in the order of their names.
   *
   * @throws SourceError when the bucket cannot be listed
   */
  async folders(below: string, signal?: AbortSignal): Promise<string[]> {
    const { client, bucket, prefix } = this.#place;
    const start = prefix + below;
    const found: string[] = [];
    let token: string | undefined;
    try {
      do {
        const query = { Bucket: bucket, Prefix: start, Delimiter: '/', ContinuationToken: token };
        const page = await client.send(new ListObjectsV2Command(query), { ...(signal && { abortSignal: signal }) });
        found.push(...(page.CommonPrefixes ?? []).map(({ Prefix = '' }) => Prefix.slice(start.length, -1)));
        token = page.NextContinuationToken;
      } while (token !== undefined);
    } catch (error) {
      throw this.#explain(below, error);
    }
    return found.sort();
  }

  /**
   * The text of a file, undefined if it is not there.
   *
   * @throws SourceError when it cannot be read
   */
  async text(name: string, signal?: AbortSignal): Promise<string | undefined> {
    try {
      return await (await this.#open(name, signal))?.transformToString();
    } catch (error) {
      throw this.#explain(name, error);
    }
  }

  /**
   * The lines of a gzipped file.
   *
   * @throws SourceError when it cannot be read to its end
   */
  async *lines(name: string, signal?: AbortSignal): AsyncGenerator<string> {
    try {
      const body = await this.#open(name, signal);
      if (!body) throw new SourceError(`${this.name}${name} is gone.`, { kind: 'shape' });
      // Whatever breaks on the way is thrown where the text is read.
      const plain = pipeline(body as unknown as Readable, createGunzip(), () => undefined);
      yield* linesIn(plain.setEncoding('utf8'));
    } catch (error) {
      signal?.throwIfAborted();
      throw this.#explain(name, error);
    }
  }

  async #open(name: string, signal: AbortSignal | undefined) {
    const { client, bucket, prefix } = this.#place;
    const command = new GetObjectCommand({ Bucket: bucket, Key: prefix + name });
    try {
      return (await client.send(command, { ...(signal && { abortSignal: signal }) })).Body;
    } catch (error) {
      if ((error as Error).name === 'NoSuchKey') return undefined;
      throw error;
    }
  }

  #explain(name: string, error: unknown): SourceError {
    if (error instanceof SourceError) return error;
    const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
    const kind = status === 403 ? 'refused' : 'unavailable';
    return new SourceError(`${this.name}${name} cannot be read: ${(error as Error).message}`, { kind, cause: error });
  }
}

/** Lines end with a newline and with nothing else: a text may hold any other character. */
async function* linesIn(parts: AsyncIterable<string>): AsyncGenerator<string> {
  let rest = '';
  for await (const part of parts) {
    const lines = (rest + part).split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  if (rest !== '') yield rest;
}
