import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { fileURLToPath } from 'node:url';
import { gunzipSync } from 'node:zlib';

/** What became of a table, as the job logs it. */
export interface JobOutcome {
  readonly table?: string;
  readonly run_id?: string;
  readonly outcome: 'curated' | 'failed';
  readonly is_whole?: boolean;
  readonly rows?: Readonly<Record<string, number>>;
  readonly kind?: string;
  readonly message?: string;
  readonly seconds?: number;
}

/** How a run of the job ended. */
export interface JobResult {
  readonly code: number;
  readonly outcomes: readonly JobOutcome[];
}

/** One Spark session that runs the job as often as it is asked to. */
export interface GlueJobs {
  run(...jobArguments: readonly string[]): Promise<JobResult>;
  stop(): Promise<void>;
}

const python = process.env['GLUE_PYTHON'] || 'python3';
const jdbcJar = process.env['GLUE_JDBC_JAR'] || '/usr/share/java/mariadb-java-client.jar';
const glue = fileURLToPath(new URL('../../glue/', import.meta.url));

/** The ZIP codes that the job is given. */
export const zipCodesFile = fileURLToPath(
  new URL('../../../src/sources/geography/snapshot/zip_codes.ndjson.gz', import.meta.url),
);

/** Why the job cannot run here; undefined when it can. */
export function whyNoSpark(): string | undefined {
  const found = spawnSync(python, ['-c', 'import pyspark; assert pyspark.__version__.startswith("3.5.")']);
  if (found.status !== 0)
    return `${python} has no PySpark 3.5: pip install pyspark==3.5.4, or name another with GLUE_PYTHON`;
  if (spawnSync('java', ['-version']).status !== 0) return 'there is no Java: apt-get install openjdk-17-jre-headless';
  return existsSync(jdbcJar) ? undefined : `there is no ${jdbcJar}: apt-get install libmariadb-java`;
}

/** The environment of a Python that is to run the job. `folder` is where it works. */
function environmentOf(password: string): NodeJS.ProcessEnv {
  const settings = ['spark.ui.enabled=false', 'spark.sql.shuffle.partitions=2', 'spark.driver.bindAddress=127.0.0.1'];
  const submit = ['--master', 'local[2]', '--jars', jdbcJar, ...settings.flatMap((setting) => ['--conf', setting])];
  return {
    ...process.env,
    SPARK_LOCAL_IP: '127.0.0.1',
    PYSPARK_PYTHON: python,
    PYSPARK_SUBMIT_ARGS: [...submit, 'pyspark-shell'].join(' '),
    PYTHONPATH: [join(glue, 'modules'), glue].join(':'),
    PYTHONDONTWRITEBYTECODE: '1',
    SLICEHOUSE_MYSQL_PASSWORD: password,
  };
}

/** Starts Python; Spark starts with the first run. */
export function startGlueJobs({ folder, password }: { folder: string; password: string }): GlueJobs {
  const child = spawn(python, [join(glue, 'tests', 'jobs.py')], { cwd: folder, env: environmentOf(password) });
  const answers = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const errors = lastErrors(child);
  return {
    async run(...jobArguments) {
      child.stdin.write(`${JSON.stringify({ arguments: jobArguments })}\n`);
      const { value, done } = await answers.next();
      if (done) throw new Error(`The job ended early:\n${errors()}`);
      return JSON.parse(value) as JobResult;
    },
    async stop() {
      if (child.exitCode !== null) return;
      child.stdin.end();
      await once(child, 'exit');
    },
  };
}

/** Runs the script of the job as Glue does: a process of its own. */
export async function runGlueScript(
  { folder, password }: { folder: string; password: string },
  ...jobArguments: readonly string[]
): Promise<JobResult> {
  const child = spawn(python, [join(glue, 'job.py'), ...jobArguments], { cwd: folder, env: environmentOf(password) });
  const errors = lastErrors(child);
  const outcomes: JobOutcome[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('{')) outcomes.push(JSON.parse(line) as JobOutcome);
  }
  if (child.exitCode === null) await once(child, 'exit');
  if (outcomes.length === 0) throw new Error(`The job told nothing:\n${errors()}`);
  return { code: child.exitCode ?? 1, outcomes };
}

/** What the job makes of a secret, without Spark. `environment` names the service. */
export function readSecretAsJob(name: string, environment: Readonly<Record<string, string>>): unknown {
  const code = 'import json, sys, job; print(json.dumps(job.read_secret(sys.argv[1])))';
  const { stdout, stderr, status } = spawnSync(python, ['-c', code, name], {
    encoding: 'utf8',
    env: { ...environmentOf('not this one'), ...environment },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout);
}

function lastErrors(child: ChildProcessWithoutNullStreams): () => string {
  let text = '';
  child.stderr.setEncoding('utf8').on('data', (part: string) => {
    text = (text + part).slice(-8_000);
  });
  return () => text;
}

/** The curated files of one run. */
export interface CuratedRun {
  readonly manifest: {
    readonly since: unknown;
    readonly watermark: { readonly through: string; readonly basis: string };
    readonly is_whole: boolean;
    readonly clock_skew_ms: number;
    readonly rows: Readonly<Record<'records' | 'errors' | 'keys', number>>;
    readonly files: Readonly<Record<string, readonly { name: string; bytes: number; rows: number }[]>>;
  };
  readonly records: Record<string, unknown>[];
  readonly errors: Record<string, unknown>[];
  readonly keys: Record<string, unknown>[];
}

/** Reads the files that the manifest of a run names. */
export function readCurated(output: string, { table = '', run_id = '' }: Partial<JobOutcome>): CuratedRun {
  const folder = join(output, table, run_id);
  const manifest = JSON.parse(readFileSync(join(folder, '_manifest.json'), 'utf8')) as CuratedRun['manifest'];
  const linesOf = (kind: string): Record<string, unknown>[] =>
    (manifest.files[kind] ?? []).flatMap(({ name }) =>
      gunzipSync(readFileSync(join(folder, name)))
        .toString('utf8')
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
  return { manifest, records: linesOf('records'), errors: linesOf('errors'), keys: linesOf('keys') };
}
