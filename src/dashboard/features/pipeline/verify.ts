import type { Verification, VerificationLine, VerificationProgress } from '../../../contract/verification.ts';
import { ApiError, request } from '../../app/api.ts';
import { readLines } from '../../app/read-lines.ts';

/**
 * Lets the server prove the books from the files themselves.
 *
 * @throws ApiError when it refuses, cannot be reached, or breaks off before the result
 */
export async function verify(
  onProgress: (progress: VerificationProgress) => void,
  signal: AbortSignal,
): Promise<Verification> {
  const { body } = await request('/v1/verify', { method: 'POST', accept: 'application/x-ndjson', signal });
  for await (const written of body ? readLines(body) : []) {
    if (written === '') continue;
    const line = JSON.parse(written) as VerificationLine;
    if ('result' in line) return line.result;
    if ('problem' in line) throw new ApiError(line.problem.detail, { problem: line.problem });
    onProgress(line.progress);
  }
  throw new ApiError('The server broke off before the proof was complete.');
}
