import { SourceError } from '../source.ts';

/** The members of the errors of mysql2 and of Node's sockets that say what happened. */
interface CodedError extends Error {
  readonly code?: string;
  readonly errno?: number;
}

/** Failures that may be gone when it is tried again. */
const transientCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
  'PROTOCOL_CONNECTION_LOST',
  'PROTOCOL_SEQUENCE_TIMEOUT',
  'STALLED',
]);

/** The same, said by the server: by number, since MySQL and MariaDB name some differently. */
const transientNumbers = new Set([
  1040, // too many connections
  1053, // shutting down
  1080, // forced close
  1105, // unknown, as proxies say while they fail over
  1158,
  1159,
  1160,
  1161, // network errors
  1203, // too many connections of this user
  1205, // waited too long for a lock: the table is being altered
  1213, // deadlock
  1317, // interrupted
  1412, // the table was altered after the snapshot
  1927, // connection killed
  1969, // took longer than max_statement_time
  3024, // took longer than max_execution_time
  3032, // out of service
  3168,
  3169, // session killed
  4031, // idle for too long
]);

/** Whether to try again. */
export function isTransient(error: unknown): boolean {
  const { code, errno } = error as CodedError;
  return transientCodes.has(code ?? '') || transientNumbers.has(errno ?? 0);
}

/** What happened, in the words of the driver; attempts at several addresses at once have none of their own. */
export function messageOf(error: unknown): string {
  const { message, code } = error as CodedError;
  return message === '' ? (code ?? 'unknown failure') : message;
}

/** Failures of one table rather than of the account: a column, table or view that is not there or forbidden. */
const shapeNumbers = new Set([1054, 1142, 1143, 1146, 1356]);

/** Tells a failure that will not go away by itself, in words of whoever set the source up. */
export function explain(error: unknown, place: string): SourceError {
  if (error instanceof SourceError) return error;
  const { code = '', errno = 0 } = error as CodedError;
  const message = messageOf(error);
  if (code === 'HANDSHAKE_NO_SSL_SUPPORT') {
    const cure = 'Switch TLS on there, or say `ssl: off` if the way to it is safe.';
    return new SourceError(`${place} does not speak TLS. ${cure}`, { kind: 'refused', cause: error });
  }
  if (isCertificateFailure(code, message)) {
    const cure = 'Name the certificates to trust with `ca`, and the server by the name that its certificate has.';
    return new SourceError(`${place} cannot prove who it is: ${message}. ${cure}`, { kind: 'refused', cause: error });
  }
  const kind = shapeNumbers.has(errno) ? 'shape' : isTransient(error) ? 'unavailable' : 'refused';
  return new SourceError(`${place}: ${message}`, { kind, cause: error });
}

function isCertificateFailure(code: string, message: string): boolean {
  return (
    code.startsWith('ERR_TLS') || code.startsWith('HANDSHAKE_SSL') || /certificate|altname/i.test(`${code} ${message}`)
  );
}
