import { timingSafeEqual } from 'node:crypto';
import type { FastifyRequest } from 'fastify';
import { SlicehouseError } from '../contract/errors.ts';
import type { Keys, Role } from './keys.ts';

/** Who is asking: what orders of theirs have as source, and what they may do. */
export interface Caller {
  readonly source: string;
  readonly role: Role;
}

export interface AccessOptions {
  readonly keys: Keys;
  /** Lets the commands of this data folder in, as administrator. */
  readonly localToken: string;
}

const administrator: Caller = { source: 'default', role: 'admin' };

/** Decides who is asking. Without any keys everybody is the administrator: the server then listens on loopback only. */
export class Access {
  readonly #keys: Keys;
  readonly #localToken: Buffer;

  constructor({ keys, localToken }: AccessOptions) {
    this.#keys = keys;
    this.#localToken = Buffer.from(localToken);
  }

  /**
   * The caller of a request, if the role may do it.
   *
   * @throws SlicehouseError `unauthorized` without a valid key, `forbidden` with the wrong one or from a foreign page
   */
  require(request: FastifyRequest, role: Role): Caller {
    const caller = this.#identify(request);
    if (caller.role === role || caller.role === 'admin') return caller;
    throw new SlicehouseError('forbidden', `This key has the role ${caller.role}; ${role} or admin is needed.`);
  }

  #identify(request: FastifyRequest): Caller {
    const { authorization } = request.headers;
    if (authorization === undefined) {
      if (this.#keys.list().length > 0) throw unauthorized('Send a key as "Authorization: Bearer sh_…".');
      refuseForeigners(request);
      return administrator;
    }
    const token = /^Bearer\s+(\S+)$/i.exec(authorization)?.[1] ?? '';
    const written = Buffer.from(token);
    if (written.length === this.#localToken.length && timingSafeEqual(written, this.#localToken)) return administrator;
    const key = this.#keys.find(token);
    if (!key) throw unauthorized('This key is not known here; it may have been revoked.');
    return key;
  }
}

function unauthorized(detail: string): SlicehouseError {
  return new SlicehouseError('unauthorized', detail);
}

const loopbackAddress = /^(127(\.\d{1,3}){3}|::1|::ffff:127(\.\d{1,3}){3})$/i;
const loopbackHost = /^(localhost|127(\.\d{1,3}){3}|\[::1\])(:\d+)?$/i;

/**
 * A page elsewhere may point a name of its own at this machine and ask on its visitor's behalf. Other machines
 * can write any Host, so where the connection comes from counts too: the last key may be revoked while they listen.
 */
function refuseForeigners(request: FastifyRequest): void {
  const { host = '', origin } = request.headers;
  const ownPage = origin === undefined || loopbackHost.test(origin.replace(/^https?:\/\//, ''));
  if (loopbackAddress.test(request.ip) && loopbackHost.test(host) && ownPage) return;
  throw new SlicehouseError(
    'forbidden',
    'Without keys this server answers to localhost only. Make one with "slicehouse keys create".',
  );
}
