import type { Command } from 'commander';
import type { Problem } from '../../contract/answers.ts';
import { connect, RequestError } from '../client.ts';
import { configOf, withSettings } from '../command-context.ts';
import { progressLine } from '../progress-line.ts';

interface StepNews {
  readonly step: string;
  readonly status: 'running' | 'done' | 'skipped' | 'failed';
  readonly rows?: number | null;
  readonly ms?: number;
  readonly detail?: string | null;
  readonly done?: number;
  readonly total?: number;
}

interface Result {
  readonly run_id: string;
  readonly business_date: string;
  readonly status: 'done' | 'failed';
  readonly ms: number;
}

type Line = { readonly progress: StepNews } | { readonly result: Result } | { readonly problem: Problem };

/** `slicehouse refresh`: what happens by itself at 02:00, now. Exit code 1 when a step failed. */
export function refreshCommand(program: Command): void {
  withSettings(program.command('refresh').description('Run the daily refresh now, whole or some of its steps'), [
    'dataDir',
  ])
    .option('--only <steps>', 'Steps, with commas between, such as sources,checks (docs/refresh.md names them all)')
    .option('--json', 'Print the result and its steps as JSON')
    .action(async (options: { only?: string; json?: boolean }, command: Command) => {
      const client = await connect(configOf(command, { logLevel: 'fatal' }));
      try {
        const query = options.only === undefined ? '' : `?only=${encodeURIComponent(options.only)}`;
        const steps: StepNews[] = [];
        const line = progressLine();
        let result: Result | undefined;
        await client.lines('POST', `/v1/refresh${query}`, (written) => {
          const told = written as Line;
          if ('problem' in told) throw new RequestError(told.problem.detail);
          if ('result' in told) result = told.result;
          else if (told.progress.status === 'running') line.show(sayRunning(told.progress));
          else {
            line.end();
            steps.push(told.progress);
            if (!options.json) process.stdout.write(sayStep(told.progress));
          }
        });
        line.end();
        if (!result) throw new RequestError('The server ended before the refresh did.');
        process.stdout.write(
          options.json
            ? `${JSON.stringify({ ...result, steps })}\n`
            : `Refresh of ${result.business_date} ${result.status} after ${seconds(result.ms)}.\n`,
        );
        if (result.status === 'failed') process.exitCode = 1;
      } finally {
        await client.close();
      }
    });
}

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;
const count = (rows: number): string => rows.toLocaleString('en-US');

function sayRunning({ step, done = 0, total = 0 }: StepNews): string {
  if (done === 0) return `${step} …`;
  return total === 0 ? `${step}: ${count(done)}` : `${step}: ${count(done)} of ${count(total)}`;
}

function sayStep({ step, status, rows = null, ms = 0, detail = null }: StepNews): string {
  const parts = [
    step.padEnd(11),
    status.padEnd(7),
    seconds(ms).padStart(8),
    (rows === null ? '' : `${count(rows)} rows`).padStart(17),
    detail ?? '',
  ];
  return `${parts.join('  ').trimEnd()}\n`;
}
