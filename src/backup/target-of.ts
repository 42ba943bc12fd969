import { FolderTarget } from './folder/folder-target.ts';
import type { BackupTarget } from './target.ts';

/** What is written where a folder or `s3://bucket/prefix` should stand, and is neither. */
export class TargetError extends Error {}

export interface TargetOptions {
  /** Buckets in the path of the address, not in its host name: for S3-compatible servers without names for buckets. */
  readonly s3PathStyle?: boolean;
}

/**
 * The target that people mean by a folder's path or by `s3://bucket/prefix`.
 *
 * @throws TargetError when it is neither
 */
export async function targetOf(written: string, { s3PathStyle = false }: TargetOptions = {}): Promise<BackupTarget> {
  if (!/^[a-z][a-z0-9+.-]+:\/\//i.test(written)) {
    if (written === '') throw new TargetError('A backup goes to a folder or to s3://bucket/prefix.');
    return new FolderTarget(written);
  }
  // What is written is not repeated: people put keys into addresses.
  const parts = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/([^?#]*))?$/.exec(written);
  if (!parts)
    throw new TargetError(
      'A backup goes to a folder or to s3://bucket/prefix, and this address is neither: a bucket has 3 to 63 lower-case letters, digits, dots and hyphens.',
    );
  const [, bucket = '', prefix = ''] = parts;
  const { S3Target } = await import('./s3/s3-target.ts');
  return new S3Target({ bucket, prefix: prefix.replace(/^\/+|\/+$/g, ''), pathStyle: s3PathStyle });
}
