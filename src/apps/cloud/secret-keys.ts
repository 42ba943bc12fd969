import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import Type from 'typebox';
import { Value } from 'typebox/value';
import { Keys, roles, type StoredKey } from '../../http/keys.ts';

export interface SecretKeysOptions {
  readonly client: SecretsManagerClient;
  readonly secretId: string;
  /** Milliseconds by a clock that nobody can set. */
  readonly now?: () => number;
}

/** After this long the secret is read again: a key that was revoked is refused a minute later at the latest. */
const freshMs = 60_000;
/** While the secret cannot be read, what is known of it holds this long. */
const staleMs = 15 * 60_000;

const StoredKeysSchema = Type.Array(
  Type.Object({
    id: Type.String({ pattern: '^[0-9a-f]{8}$' }),
    source: Type.String({ minLength: 1, maxLength: 64 }),
    role: Type.Enum([...roles]),
    created_at: Type.String(),
    secret_sha256: Type.String({ pattern: '^[0-9a-f]{64}$' }),
  }),
);

/** The keys in a secret that holds what `keys.json` does: hashes only. */
export class SecretKeys extends Keys {
  readonly #options: SecretKeysOptions;
  readonly #now: () => number;
  #known: readonly StoredKey[] = [];
  #readAtMs = Number.NEGATIVE_INFINITY;

  constructor(options: SecretKeysOptions) {
    super('');
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
  }

  /** What `refresh` read last. */
  override list(): readonly StoredKey[] {
    return this.#known;
  }

  override create(): Promise<string> {
    throw new Error('Keys are made with "slicehouse keys create" and put into the secret.');
  }

  override revoke(): Promise<boolean> {
    throw new Error('Keys are taken out of the secret.');
  }

  /**
   * Reads the secret if what is known of it is older than a minute. To be called before each use.
   *
   * @throws Error when it cannot be read and nothing is known that is younger than 15 minutes
   */
  async refresh(): Promise<void> {
    const nowMs = this.#now();
    if (nowMs - this.#readAtMs < freshMs) return;
    try {
      const { client, secretId } = this.#options;
      const { SecretString = '' } = await client.send(new GetSecretValueCommand({ SecretId: secretId }));
      this.#known = parseKeys(SecretString);
      this.#readAtMs = nowMs;
    } catch (error) {
      if (nowMs - this.#readAtMs > staleMs) throw error;
    }
  }
}

function parseKeys(text: string): readonly StoredKey[] {
  const written = parseQuietly(text);
  if (!Value.Check(StoredKeysSchema, written))
    throw new Error('The secret of the keys does not hold a list of keys such as keys.json has.');
  return written as StoredKey[];
}

/** Undefined for what is no JSON: the parser's own message would quote it. */
function parseQuietly(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
