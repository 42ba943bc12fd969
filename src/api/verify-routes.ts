import { ProblemSchema } from '../contract/answers.ts';
import { SlicehouseError } from '../contract/errors.ts';
import type { Verification, VerificationLine, VerificationProgress } from '../contract/verification.ts';
import type { Access } from '../http/access.ts';
import type { App } from '../http/create-app.ts';
import { toProblem } from '../http/problem.ts';
import { sendLines } from '../http/send-lines.ts';

export interface VerifyRoutesOptions {
  readonly access: Access;
  readonly verify: (onProgress: (progress: VerificationProgress) => void, signal: AbortSignal) => Promise<Verification>;
}

/** Progress is told this often at the most. */
const progressEveryMs = 200;

/** `POST /v1/verify`: proves the books, one at a time; NDJSON lines say how far it is, the last has the result. */
export function verifyRoutes(app: App, { access, verify }: VerifyRoutesOptions): void {
  let running: { readonly abort: AbortController; readonly ended: Promise<unknown> } | undefined;
  app.addHook('preClose', async () => {
    running?.abort.abort();
    await running?.ended;
  });
  const schema = {
    summary: 'Prove the books from the files themselves: NDJSON, progress and at last the result',
    tags: ['operations'],
    response: { default: ProblemSchema },
  };
  app.post('/v1/verify', { schema }, async (request, reply) => {
    access.require(request, 'admin');
    if (running) {
      const detail = 'The books are being verified already; try again when that has ended.';
      throw new SlicehouseError('overloaded', detail, { retryAfterSeconds: 30 });
    }
    return sendLines(reply, (send, gone) => {
      const abort = new AbortController();
      gone.addEventListener('abort', () => abort.abort());
      const write = (line: VerificationLine): void => send(line);
      const ended = verify(
        seldom((progress) => write({ progress })),
        abort.signal,
      )
        .then((result) => write({ result }))
        .catch((error: unknown) => {
          if (!abort.signal.aborted) request.log.error({ err: error }, 'verification failed');
          const known = abort.signal.aborted
            ? new SlicehouseError('stopping', 'The verification was broken off.')
            : new SlicehouseError('internal', `The verification could not be ended: ${(error as Error).message}`);
          write({ problem: toProblem(known) });
        })
        .finally(() => {
          running = undefined;
        });
      running = { abort, ended };
      return ended;
    });
  });
}

function seldom(tell: (progress: VerificationProgress) => void): (progress: VerificationProgress) => void {
  let toldAtMs = Number.NEGATIVE_INFINITY;
  let step: string | undefined;
  return (progress) => {
    const nowMs = performance.now();
    if (step === progress.step && progress.done < progress.total && nowMs - toldAtMs < progressEveryMs) return;
    [toldAtMs, step] = [nowMs, progress.step];
    tell(progress);
  };
}
