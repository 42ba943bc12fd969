import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import type { Command } from 'commander';
import type { BatchAnswer } from '../../contract/answers.ts';
import { importOrders } from '../../import/import-orders.ts';
import { previewImport } from '../../import/preview-import.ts';
import { type ReadMapping, readMapping } from '../../import/read-mapping.ts';
import type { ImportSink } from '../../import/sink.ts';
import { type Answer, bodyOf, type Client, connect } from '../client.ts';
import { configOf, withSettings } from '../command-context.ts';
import { progressLine } from '../progress-line.ts';
import { UsageError } from '../serve.ts';

interface ImportCommandOptions {
  readonly mapping: string;
  readonly dryRun?: boolean;
  readonly json?: boolean;
}

/** `slicehouse import FILES… --mapping FILE`. */
export function importCommand(program: Command): void {
  const command = program
    .command('import <files...>')
    .description('Bring orders in from CSV, NDJSON or Parquet files; running it again counts nothing twice')
    .requiredOption('--mapping <file>', 'YAML file that says what the columns mean (docs/import.md)')
    .option('--dry-run', 'Show the first orders as they would be posted, and post nothing')
    .option('--json', 'Print JSON');
  withSettings(command, ['dataDir']).action(async (files: string[], options: ImportCommandOptions, self: Command) => {
    const mapping = readMapping(readText(options.mapping), basename(options.mapping));
    if (options.dryRun) return print(await previewImport({ files, mapping }));
    const client = await connect(configOf(self, { logLevel: 'warn' }));
    try {
      await run(files, mapping, client, options.json === true);
    } finally {
      await client.close();
    }
  });
}

async function run(files: string[], mapping: ReadMapping, client: Client, json: boolean): Promise<void> {
  const progress = progressLine();
  const summary = await importOrders(
    {
      files,
      mapping,
      onProgress: (now) =>
        progress.show(
          `Import: ${count(now.rowsRead)} rows read, ${count(now.ordersPosted)} of ${count(now.totalOrders)} orders posted, ${count(now.quarantined)} in quarantine`,
        ),
    },
    sinkOf(client, mapping.source),
  );
  progress.end();
  if (json) return print(summary);
  const lines = [
    `${count(summary.rowsRead)} rows read; ${count(summary.ordersPosted)} orders taken, ${count(summary.quarantined)} records in quarantine.`,
    ...(summary.stores > 0 ? [`${count(summary.stores)} stores written.`] : []),
    ...(summary.skippedRows > 0 ? [`${count(summary.skippedRows)} rows left out, as the mapping says.`] : []),
    ...(summary.ignoredFiles.length > 0 ? [`The mapping has no use for ${summary.ignoredFiles.join(', ')}.`] : []),
    ...(summary.quarantined > 0 ? ['"slicehouse quarantine" shows each record with its file and row.'] : []),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** The server's way in, for a source that the mapping names. */
function sinkOf(client: Client, source: string): ImportSink {
  const headers = {
    'content-type': 'application/x-ndjson',
    'slicehouse-source': source,
    'slicehouse-origin': 'import',
  };
  return {
    async postOrders(ndjson) {
      const answer = await patiently(() => client.send('POST', '/v1/orders', { headers, body: ndjson }));
      const batch = answer.status === 422 ? (JSON.parse(answer.body.toString()) as Partial<BatchAnswer>) : undefined;
      return batch?.rejected ? (batch as BatchAnswer) : (JSON.parse(bodyOf(answer).toString()) as BatchAnswer);
    },
    async quarantine(rejects) {
      for (let at = 0; at < rejects.length; at += 500) {
        const part = rejects
          .slice(at, at + 500)
          .map(({ bytes, ...rest }) => ({ ...rest, bytes_base64: bytes.toString('base64') }));
        const body = JSON.stringify({ source, rejects: part });
        bodyOf(
          await patiently(() =>
            client.send('POST', '/v1/quarantine', { headers: { 'content-type': 'application/json' }, body }),
          ),
        );
      }
    },
    async putStores(ndjson) {
      const answer = JSON.parse(
        bodyOf(await client.send('PUT', '/v1/reference/stores', { headers, body: ndjson })).toString(),
      ) as BatchAnswer;
      const [first] = answer.rejected;
      if (first)
        throw new UsageError(
          `A store of the mapping cannot be taken: ${first.errors.map((fault) => `${fault.path} ${fault.message}`).join('; ')}.`,
        );
    },
  };
}

const patienceMs = 120_000;

/** Waits as a busy server asks, for two minutes at the most. */
async function patiently(send: () => Promise<Answer>): Promise<Answer> {
  const endMs = Date.now() + patienceMs;
  for (;;) {
    const answer = await send();
    if ((answer.status !== 503 && answer.status !== 429) || Date.now() > endMs) return answer;
    await new Promise((resolve) => setTimeout(resolve, Number(answer.headers['retry-after'] ?? 1) * 1000));
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new UsageError(`The mapping ${path} cannot be read: ${(error as Error).message}.`, { cause: error });
  }
}

function print(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}

function count(value: number): string {
  return value.toLocaleString('en-US');
}
