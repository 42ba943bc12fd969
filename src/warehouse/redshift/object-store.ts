import { gunzipSync } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** An object that is to be loaded is not there. Nothing else of its load was loaded; without it the rest can be. */
export class VanishedObjectError extends Error {
  override readonly name = 'VanishedObjectError';
  /** `s3://bucket/key` */
  readonly uri: string;

  constructor(uri: string, options?: ErrorOptions) {
    super(`There is no object ${uri}.`, options);
    this.uri = uri;
  }
}

/** Objects of S3 by their `s3://bucket/key`. */
export class ObjectStore {
  readonly #client: S3Client;

  constructor(client: S3Client) {
    this.#client = client;
  }

  /**
   * The whole content of an object, unpacked when it is gzip.
   *
   * @throws VanishedObjectError
   */
  async read(uri: string): Promise<Buffer> {
    try {
      const { Body } = await this.#client.send(new GetObjectCommand(placeOf(uri)));
      return unpacked(Buffer.from((await Body?.transformToByteArray()) ?? []));
    } catch (error) {
      if (error instanceof Error && /^(NoSuchKey|NotFound)$/.test(error.name))
        throw new VanishedObjectError(uri, { cause: error });
      throw error;
    }
  }

  async write(uri: string, content: string): Promise<void> {
    await this.#client.send(new PutObjectCommand({ ...placeOf(uri), Body: content }));
  }
}

/** Content that may be gzip, as its first bytes tell. */
function unpacked(content: Buffer): Buffer {
  return content[0] === 0x1f && content[1] === 0x8b ? gunzipSync(content) : content;
}

function placeOf(uri: string): { Bucket: string; Key: string } {
  const [, Bucket, Key] = /^s3:\/\/([^/]+)\/(.+)$/s.exec(uri) ?? [];
  if (Bucket === undefined || Key === undefined) throw new RangeError(`'${uri}' is no s3://bucket/key.`);
  return { Bucket, Key };
}
