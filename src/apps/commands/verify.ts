import { existsSync } from 'node:fs';
import type { Command } from 'commander';
import type { Column } from '../../contract/report.ts';
import type { Verification, VerificationLine } from '../../contract/verification.ts';
import { type Client, connect, RequestError } from '../client.ts';
import { configOf, withSettings } from '../command-context.ts';
import { dataFolder } from '../data-folder.ts';
import { formatTable } from '../format-table.ts';
import { progressLine } from '../progress-line.ts';
import { UsageError } from '../serve.ts';

const exitFailed = 1;
const problemsShown = 50;

/** `slicehouse verify`: proves the books from the files themselves; exit code 1 when anything is wrong. */
export function verifyCommand(program: Command): void {
  withSettings(
    program
      .command('verify')
      .description(
        'Prove the books from the files themselves: every checksum, every record, every sum (docs/books.md)',
      ),
    ['dataDir'],
  )
    .option('--json', 'Print JSON: ok, days, problems, notes, checked')
    .action(async (options: { json?: boolean }, command: Command) => {
      const config = configOf(command, { logLevel: 'warn' });
      if (!existsSync(dataFolder(config.dataDir).warehouse))
        throw new UsageError(`There are no books in ${config.dataDir}. Name the folder with --data-dir.`);
      const client = await connect(config);
      try {
        const result = await verify(client);
        process.stdout.write(options.json ? `${JSON.stringify(result, null, 2)}\n` : describe(result));
        if (!result.ok) process.exitCode = exitFailed;
      } finally {
        await client.close();
      }
    });
}

async function verify(client: Client): Promise<Verification> {
  const progress = progressLine();
  progress.show('Verifying the books');
  let result: Verification | undefined;
  try {
    await client.lines('POST', '/v1/verify', (written) => {
      const line = written as VerificationLine;
      if ('problem' in line) throw new RequestError(line.problem.detail);
      if ('result' in line) result = line.result;
      else {
        const { step, done, total } = line.progress;
        progress.show(`Verifying: ${step.replaceAll('_', ' ')}, ${count(done)} of ${count(total)}`);
      }
    });
  } finally {
    progress.end();
  }
  if (result) return result;
  throw new RequestError('The server broke off before the books were proved. Its log says why.');
}

const columns: readonly Column[] = [
  { name: 'day', type: 'date', description: '' },
  { name: 'source', type: 'string', description: '' },
  ...['received', 'loaded', 'duplicates', 'superseded', 'quarantined', 'in_flight'].map((name): Column => {
    return { name, type: 'integer', description: '' };
  }),
];

function describe({ ok, days, problems, problem_counts, notes, checked }: Verification): string {
  const found = Object.values(problem_counts).reduce((sum, problemsOfCode) => sum + problemsOfCode, 0);
  const verdict = ok
    ? 'The books balance.'
    : `${count(found)} problems: ${Object.entries(problem_counts)
        .map(([code, of]) => `${code} ${count(of)}`)
        .join(', ')}.`;
  const lines = [
    ...(days.length > 0 ? [formatTable(columns, days)] : []),
    ...problems.slice(0, problemsShown).map(({ code, where, message }) => `${code}: ${where}\n  ${message}`),
    ...(found > problemsShown ? [`… and ${count(found - problemsShown)} more; --json names the first 1,000.`] : []),
    ...notes,
    `Checked ${count(checked.records)} records in ${count(checked.segments)} segment files and ${count(checked.archive_batches)} batches of the archive, ${count(checked.bytes)} bytes, in ${checked.seconds} s.`,
    verdict,
  ];
  return `${lines.join('\n')}\n`;
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
