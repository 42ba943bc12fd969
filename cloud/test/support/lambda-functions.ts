import { createHash, randomBytes } from 'node:crypto';

/** A key as the secret has it, with what its owner sends. */
export interface TestKey {
  readonly stored: {
    readonly id: string;
    readonly source: string;
    readonly role: string;
    readonly created_at: string;
    readonly secret_sha256: string;
  };
  readonly headers: { readonly authorization: string };
}

/** Makes a key. */
export function testKey(source: string, role: 'ingest' | 'read' | 'admin'): TestKey {
  const [id, secret] = [randomBytes(4).toString('hex'), randomBytes(24).toString('base64url')];
  const secret_sha256 = createHash('sha256').update(secret).digest('hex');
  return {
    stored: { id, source, role, created_at: '2026-01-01T00:00:00.000Z', secret_sha256 },
    headers: { authorization: `Bearer sh_${id}_${secret}` },
  };
}

/** Puts variables into the environment and gives a function that takes them out again. */
export function setEnvironment(variables: Readonly<Record<string, string>>): () => void {
  const before = Object.fromEntries(Object.keys(variables).map((name) => [name, process.env[name]]));
  Object.assign(process.env, variables);
  return () => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  };
}
