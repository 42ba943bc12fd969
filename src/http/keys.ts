import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { open, rename } from 'node:fs/promises';
import { join } from 'node:path';

export const roles = ['ingest', 'read', 'admin'] as const;
/** `ingest` posts orders, `read` reads reports, `admin` does everything. */
export type Role = (typeof roles)[number];

/** A key as the data folder stores it: only a hash of the secret. */
export interface StoredKey {
  readonly id: string;
  /** What orders posted with it have as their source. */
  readonly source: string;
  readonly role: Role;
  readonly created_at: string;
  readonly secret_sha256: string;
}

const lookEveryMs = 1000;

/** The keys of a data folder, in `keys.json`. */
export class Keys {
  readonly #path: string;
  #keys: readonly StoredKey[] = [];
  #version = '';
  #lookedAtMs = 0;

  constructor(folder: string) {
    this.#path = join(folder, 'keys.json');
  }

  /** Keys made or revoked by another process are seen within a second. */
  list(): readonly StoredKey[] {
    const nowMs = performance.now();
    if (this.#lookedAtMs === 0 || nowMs - this.#lookedAtMs > lookEveryMs) {
      this.#lookedAtMs = nowMs;
      this.#read();
    }
    return this.#keys;
  }

  /** Makes a key; what is returned is its only appearance. */
  async create(source: string, role: Role): Promise<string> {
    const id = randomBytes(4).toString('hex');
    const secret = randomBytes(24).toString('base64url');
    const key: StoredKey = {
      id,
      source,
      role,
      created_at: new Date().toISOString(),
      secret_sha256: sha256(secret).toString('hex'),
    };
    await this.#write([...this.list(), key]);
    return `sh_${id}_${secret}`;
  }

  /** Whether there was such a key. */
  async revoke(id: string): Promise<boolean> {
    const left = this.list().filter((key) => key.id !== id);
    if (left.length === this.#keys.length) return false;
    await this.#write(left);
    return true;
  }

  /** The key that this text is, compared in constant time. */
  find(written: string): StoredKey | undefined {
    const parts = /^sh_([0-9a-f]{8})_(.+)$/.exec(written);
    const key = this.list().find((candidate) => candidate.id === parts?.[1]);
    if (!key || !parts?.[2]) return undefined;
    return timingSafeEqual(sha256(parts[2]), Buffer.from(key.secret_sha256, 'hex')) ? key : undefined;
  }

  #read(): void {
    const found = statSync(this.#path, { throwIfNoEntry: false });
    // Every change is a new file: its inode tells apart two changes within one tick of the file system's clock.
    const version = found ? `${found.ino} ${found.mtimeMs} ${found.size}` : '';
    if (version === this.#version) return;
    this.#keys = found ? (JSON.parse(readFileSync(this.#path, 'utf8')) as StoredKey[]) : [];
    this.#version = version;
  }

  async #write(keys: readonly StoredKey[]): Promise<void> {
    const draft = `${this.#path}.new`;
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(`${JSON.stringify(keys, null, 2)}\n`);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(draft, this.#path);
    this.#read();
  }
}

function sha256(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
