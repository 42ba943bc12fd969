import type { Readable } from 'node:stream';
import type { Digest } from './digest.ts';

/** One object of a target as its listing shows it. */
export interface StoredObject {
  readonly key: string;
  readonly bytes: number;
}

/**
 * Where backups are kept: objects by key, `files/segments/000000000001.ndjson.…`. An object appears whole or not at
 * all, and is durable when a put resolves. Every failure is an Error that names the target and the key, and says
 * how to mend it.
 */
export interface BackupTarget {
  /** For messages: as people write it. */
  readonly name: string;

  /**
   * Stores a file, unless its bytes are not the ones of the digest.
   *
   * @throws ChangedFileError when the file is gone or has other bytes
   */
  putFile(key: string, path: string, digest: Digest): Promise<void>;

  put(key: string, bytes: Buffer): Promise<void>;

  /**
   * The bytes of an object.
   *
   * @throws Error at once when there is none
   */
  read(key: string): Promise<Readable>;

  /** Every object whose key begins with this folder, which ends in `/`; in no particular order. */
  list(folder: string): Promise<StoredObject[]>;

  /** Removes objects; one that is not there is no failure. */
  remove(keys: readonly string[]): Promise<void>;

  close(): Promise<void>;
}
