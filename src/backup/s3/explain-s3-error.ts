import { ChangedFileError } from '../local-file.ts';

export interface S3Failure {
  /** `s3://bucket/prefix`. */
  readonly target: string;
  readonly bucket: string;
  readonly what: 'read' | 'write' | 'list' | 'remove';
  readonly key: string;
  readonly error: unknown;
}

const actions = {
  read: 's3:GetObject',
  write: 's3:PutObject',
  list: 's3:ListBucket',
  remove: 's3:DeleteObject',
} as const;

const unreachable = 'It cannot be reached: check the network, AWS_REGION, and AWS_ENDPOINT_URL if it is set.';
const credentials =
  'There are no AWS credentials: set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or run it with a role.';
const wrongCredentials = 'The AWS credentials are not accepted: renew or correct them.';

/** What to do by the error's name, which is the service's code or the system's. */
const cures: Readonly<Record<string, string>> = {
  NoSuchKey: 'It is missing: was something removed by hand? "slicehouse backup --check" names everything that is.',
  NoSuchBucket: 'There is no such bucket: make it, or correct its name.',
  PermanentRedirect: 'The bucket lies in another region: set AWS_REGION to it.',
  CredentialsProviderError: credentials,
  InvalidAccessKeyId: wrongCredentials,
  SignatureDoesNotMatch: wrongCredentials,
  ExpiredToken: wrongCredentials,
  InvalidToken: wrongCredentials,
  BadDigest: 'It arrived damaged and was not kept: run the command again.',
  EntityTooLarge: 'It is larger than the 5 GB that S3 takes at once.',
  RequestTimeTooSkewed: 'The clock of this machine is wrong: set it.',
  ENOTFOUND: unreachable,
  EAI_AGAIN: unreachable,
  ECONNREFUSED: unreachable,
  ECONNRESET: unreachable,
  EHOSTUNREACH: unreachable,
  ETIMEDOUT: unreachable,
  TimeoutError: unreachable,
};

/** Says which bucket and key, what failed and how to mend it; of the answer only the code and its sentence. */
export function explainS3Error({ target, bucket, what, key, error }: S3Failure): Error {
  if (error instanceof ChangedFileError) return error;
  const name = nameOf(error);
  const said = (error as Error).message?.split('\n', 1)[0] ?? '';
  return new Error(
    `${target}: cannot ${what} "${key}" in bucket "${bucket}" (${name}${said === '' || said === name ? '' : `: ${said.replace(/\.$/, '')}`}). ${cureOf(name, error, what)}`,
    { cause: error },
  );
}

/** Whether the same request may succeed a moment later. */
export function isTransient(error: unknown): boolean {
  const status = statusOf(error);
  return status === undefined ? cures[nameOf(error)] === unreachable : status >= 500 || status === 429;
}

function cureOf(name: string, error: unknown, what: S3Failure['what']): string {
  const status = statusOf(error);
  if (cures[name]) return cures[name];
  if (/region is missing/i.test((error as Error).message)) return 'Set AWS_REGION to the region of the bucket.';
  if (status === 403 || name === 'AccessDenied')
    return `The credentials need ${actions[what]} there (docs/backup.md and docs/export.md have the policies).`;
  if (isTransient(error)) return 'The service is busy: try again in a while.';
  return 'See docs/backup.md or docs/export.md.';
}

function nameOf(error: unknown): string {
  const { code, name } = error as NodeJS.ErrnoException;
  return code !== undefined && Object.hasOwn(cures, code) ? code : name;
}

function statusOf(error: unknown): number | undefined {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
}
