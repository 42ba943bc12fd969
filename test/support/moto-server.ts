import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';

/** A server that speaks the API of S3, on this machine. */
export interface MotoServer {
  /** What the AWS SDK has to find in the environment to use it. */
  readonly environment: Readonly<Record<string, string>>;
  createBucket(bucket: string): Promise<void>;
  stop(): Promise<void>;
}

const program = process.env['MOTO_SERVER'] || 'moto_server';
const firstPort = 8300;
const lastPort = 8319;

/** Why tests against S3 cannot run here; undefined when they can. */
export function whyNoMoto(): string | undefined {
  const found = spawnSync(program, ['--help'], { stdio: 'ignore', timeout: 60_000 });
  if (found.status === 0) return undefined;
  return `${program} does not start: pip install 'moto[server]==5.*', or name it with MOTO_SERVER`;
}

/** Starts moto's server on a free port. */
export async function startMoto(): Promise<MotoServer> {
  for (let port = firstPort; port <= lastPort; port += 1) {
    // Somebody else's server would answer in the place of ours.
    if (await isTaken(port)) continue;
    const server = spawn(program, ['-H', '127.0.0.1', '-p', String(port)], { stdio: 'ignore' });
    if (await comesUp(server, port)) return moto(server, port);
  }
  throw new Error(`No port from ${firstPort} to ${lastPort} is free.`);
}

function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/** False when the process ended, because its port is taken. */
async function comesUp(server: ChildProcess, port: number): Promise<boolean> {
  const endMs = performance.now() + 60_000;
  while (performance.now() < endMs) {
    await sleep(100);
    if (server.exitCode !== null) return false;
    const answer = await fetch(`http://127.0.0.1:${port}/moto-api/`).catch(() => undefined);
    // Somebody else's server answers as well; ours ends a moment later.
    if (answer?.ok) return sleep(500).then(() => server.exitCode === null);
  }
  server.kill('SIGKILL');
  throw new Error(`${program} did not come up in a minute.`);
}

function moto(server: ChildProcess, port: number): MotoServer {
  const endpoint = `http://127.0.0.1:${port}`;
  return {
    environment: {
      AWS_ENDPOINT_URL_S3: endpoint,
      AWS_REGION: 'us-east-1',
      AWS_ACCESS_KEY_ID: 'test',
      AWS_SECRET_ACCESS_KEY: 'test-secret',
    },
    async createBucket(bucket) {
      const client = new S3Client({
        endpoint,
        region: 'us-east-1',
        forcePathStyle: true,
        credentials: { accessKeyId: 'test', secretAccessKey: 'test-secret' },
      });
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      client.destroy();
    },
    async stop() {
      if (server.exitCode !== null) return;
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill();
      await ended;
    },
  };
}
