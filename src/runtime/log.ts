import { type Logger, pino } from 'pino';

export type Log = Logger;

/** A log of JSON lines on standard error, so that standard output stays a command's answer. Secrets are cut out. */
export function createLog(level: string): Log {
  return pino(
    { level, redact: ['req.headers.authorization', 'authorization', 'token', 'key'] },
    pino.destination({ fd: 2, sync: true }),
  );
}
