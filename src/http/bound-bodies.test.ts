import { request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { SlicehouseError } from '../contract/errors.ts';
import { ingestRoutes } from '../ingest/routes.ts';
import { createLog } from '../runtime/log.ts';
import { boundBodies } from './bound-bodies.ts';
import { type App, createApp } from './create-app.ts';

const apps: App[] = [];
afterEach(async () => {
  for (const app of apps.splice(0)) {
    app.server.closeAllConnections();
    await app.close();
  }
});

interface Posted {
  readonly status: number;
  readonly code: string | undefined;
  readonly retryAfter: string | undefined;
}

/** A server whose orders are taken when `let go` is called, with room for so many bytes. */
async function serverWith(bytesMax: number, refusal: () => SlicehouseError | undefined = () => undefined) {
  let letGo: () => void = () => undefined;
  const held = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const app = await createApp(createLog('silent'), '0.0.0');
  apps.push(app);
  boundBodies(app, { bytesMax, refusal });
  const ingest = {
    takeBatch: async () => {
      await held;
      return { accepted: 1, rejected: [] };
    },
  };
  const access = { require: () => ({ role: 'ingest', source: 'till' }) };
  ingestRoutes(app, ingest as never, access as never);
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const post = (body: Buffer, headers: Record<string, string | number> = { 'content-length': body.length }) =>
    new Promise<Posted>((resolve, reject) => {
      const options = { port, method: 'POST', path: '/v1/orders', agent: false as const };
      const call = request({ ...options, headers: { 'content-type': 'application/x-ndjson', ...headers } });
      call.on('error', reject);
      call.on('response', async (answer) => {
        let text = '';
        for await (const chunk of answer) text += chunk;
        const { code } = JSON.parse(text) as { code?: string };
        resolve({ status: answer.statusCode ?? 0, code, retryAfter: answer.headers['retry-after'] });
      });
      call.end(body);
    });
  return { post, letGo };
}

const mebibyte = 1024 * 1024;
const overloaded = { status: 503, code: 'overloaded', retryAfter: '1' };

describe('the bound on bodies', () => {
  it('refuses a body that has no room beside those that are not answered yet, and takes it afterwards', async () => {
    const { post, letGo } = await serverWith(4 * mebibyte);
    const first = [post(Buffer.alloc(1.5 * mebibyte, '1\n')), post(Buffer.alloc(1.5 * mebibyte, '1\n'))];
    await sleep(100);
    expect(await post(Buffer.alloc(1.5 * mebibyte, '1\n'))).toEqual(overloaded);
    letGo();
    expect(await Promise.all(first)).toMatchObject([{ status: 202 }, { status: 202 }]);
    expect(await post(Buffer.alloc(1.5 * mebibyte, '1\n'))).toMatchObject({ status: 202 });
  });

  it('bounds the number of small ones too', async () => {
    const { post, letGo } = await serverWith(mebibyte);
    const all = Array.from({ length: 100 }, () => post(Buffer.from('1\n')));
    await sleep(300);
    letGo();
    const statuses = (await Promise.all(all)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 202)).toHaveLength(63);
    expect(statuses.filter((status) => status === 503)).toHaveLength(37);
  });

  it.each([
    ['packed', gzipSync(Buffer.alloc(3 * mebibyte, '1\n')), { 'content-encoding': 'gzip' }],
    ['of unknown length', Buffer.alloc(3 * mebibyte, '1\n'), { 'transfer-encoding': 'chunked' }],
  ])('counts bytes that are %s as they come, and gives them back', async (_name, body, headers) => {
    const { post, letGo } = await serverWith(4 * mebibyte);
    const first = post(body, headers);
    await sleep(100);
    expect(await post(body, headers)).toEqual(overloaded);
    letGo();
    expect(await first).toMatchObject({ status: 202 });
    for (let again = 0; again < 5; again += 1) expect(await post(body, headers)).toMatchObject({ status: 202 });
  });

  it('keeps nothing of a packed body that is too large by itself, nor of one that breaks off', async () => {
    const { post, letGo } = await serverWith(12 * mebibyte);
    letGo();
    const headers = { 'content-encoding': 'gzip' };
    const bomb = gzipSync(Buffer.alloc(100 * mebibyte));
    for (let time = 0; time < 4; time += 1) {
      expect(await post(bomb, headers)).toMatchObject({ status: 413 });
      expect(await post(bomb.subarray(0, 5_000), headers)).toMatchObject({ status: 400 });
    }
    expect(await post(gzipSync(Buffer.alloc(7 * mebibyte, '1\n')), headers)).toMatchObject({ status: 202 });
  });

  it('asks whether to refuse before it reads', async () => {
    const full = new SlicehouseError('storage_full', 'Full.', { retryAfterSeconds: 10 });
    const { post } = await serverWith(mebibyte, () => full);
    const answer = await post(Buffer.from('1\n'));
    expect(answer).toEqual({ status: 503, code: 'storage_full', retryAfter: '10' });
  });
});
