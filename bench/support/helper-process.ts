import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { killAtExit } from './kill-at-exit.ts';

/** The message with which a helper answers a job: what the job gave, or why it failed. */
interface Reply<Answer> {
  readonly answer?: Answer;
  readonly failure?: string;
}

/** A process of its own that does one job after the other, so that its work does not disturb what is measured. */
export class HelperProcess<Job extends object, Answer> implements AsyncDisposable {
  readonly #child: ChildProcess;

  private constructor(child: ChildProcess) {
    this.#child = child;
  }

  /** Starts a module that calls `answerJobs`. */
  static start<Job extends object, Answer>(file: URL): HelperProcess<Job, Answer> {
    const child = fork(fileURLToPath(file));
    killAtExit(child);
    return new HelperProcess<Job, Answer>(child);
  }

  /**
   * Gives it a job and waits for the answer.
   *
   * @throws Error when the job fails or the process ends
   */
  ask(job: Job): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const onExit = () => reject(new Error('The helper process ended before it answered.'));
      this.#child.once('exit', onExit);
      this.#child.once('message', ({ answer, failure }: Reply<Answer>) => {
        this.#child.off('exit', onExit);
        if (failure === undefined) resolve(answer as Answer);
        else reject(new Error(`The helper process failed: ${failure}`));
      });
      this.#child.send(job);
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const gone = once(this.#child, 'exit');
    this.#child.kill();
    await gone;
  }
}

/** The other side: answers every job that the parent process sends, until that kills this process. */
export function answerJobs<Job, Answer>(work: (job: Job) => Promise<Answer>): void {
  process.on('message', (job: Job) => {
    work(job).then(
      (answer) => process.send?.({ answer } satisfies Reply<Answer>),
      (error: unknown) => process.send?.({ failure: String(error) } satisfies Reply<Answer>),
    );
  });
  process.once('disconnect', () => process.exit());
}
