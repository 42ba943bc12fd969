import { SlicehouseError } from '../../contract/errors.ts';

/** What a sender is told whose records a failed write could not keep. */
export function storageError(error: unknown): SlicehouseError {
  const code = (error as NodeJS.ErrnoException).code;
  const full = code === 'ENOSPC' || code === 'EDQUOT';
  const detail = full
    ? 'The disk of the data folder is full. The order was not taken; make room and send it again.'
    : `The order could not be written to disk (${code ?? 'unknown error'}) and was not taken; send it again.`;
  return new SlicehouseError('storage_full', detail, { retryAfterSeconds: full ? 30 : 5, cause: error });
}
