import { request } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeAll, describe, expect, it } from 'vitest';
import { post, rowsOf, testHouses } from '../../test/support/houses.ts';
import { anOrder } from '../../test/support/orders.ts';
import type { House } from '../apps/house.ts';
import { limits } from '../contract/limits.ts';

const newHouse = testHouses();
let house: House;
let port: number;
beforeAll(async () => {
  house = await newHouse();
  // The limits of production, reached sooner.
  Object.assign(house.app.server, { requestTimeout: 300, headersTimeout: 300, connectionsCheckingInterval: 50 });
  await house.app.listen({ host: '127.0.0.1', port: 0 });
  port = (house.app.server.address() as AddressInfo).port;
});

let made = 0;
afterEach(async () => {
  made += 1;
  expect((await post(house, anOrder({ order_id: `after-${made}` }))).status).toBe(202);
  expect(await rowsOf(house, 'sales-summary')).toMatchObject([{ orders: made }]);
});

/** What the server sends on a raw connection until it closes it. */
const talk = (...parts: readonly (string | Buffer)[]): Promise<string> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1');
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(answer));
    for (const part of parts) socket.write(part);
  });

const head = (...fields: string[]): string =>
  ['POST /v1/orders HTTP/1.1', 'Host: localhost', 'Content-Type: application/json', ...fields, '', ''].join('\r\n');

describe('a body that is no order', () => {
  it.each<[string, string | Buffer, string]>([
    ['broken JSON', '{"order_id": "A-1",', 'is not valid JSON'],
    ['two objects', '{}{}', 'is not valid JSON'],
    ['invalid UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22]), 'is not valid UTF-8'],
    ['UTF-16', Buffer.from('{"order_id":"A-1"}', 'utf16le'), 'is not valid JSON'],
    ['a NUL', JSON.stringify(anOrder({ order_id: 'a\0b' })), 'NUL'],
    ['half a surrogate pair', JSON.stringify(anOrder({ order_id: 'a\ud83c' })), 'surrogate'],
    ['half a surrogate pair in a member name', '{"\\udc00": 1}', 'surrogate'],
    ['a million-deep array with an escape', `["\\u0041",${'['.repeat(1e6)}${']'.repeat(1e6)}]`, 'nested too deeply'],
    ['nothing', '', 'empty'],
    ['nothing but spaces', '   ', 'is not valid JSON'],
    ['8 MiB of letters', Buffer.alloc(limits.bodyBytesMax, 'a'), 'is not valid JSON'],
  ])('%s is answered 400', async (_what, body, detail) => {
    const answer = await post(house, body);
    expect(answer.status).toBe(400);
    expect(answer.json.code).toBe('malformed_json');
    expect(answer.json.detail).toContain(detail);
  });

  it('of more than 8 MiB is answered 413', async () => {
    const answer = await post(house, Buffer.alloc(limits.bodyBytesMax + 1, ' '));
    expect(answer.json).toMatchObject({ status: 413, code: 'payload_too_large' });
  });

  it.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'json'])(
    'of type %s is answered 415',
    async (type) => {
      const answer = await post(house, anOrder(), { 'content-type': type });
      expect(answer.json).toMatchObject({ status: 415, code: 'unsupported_media_type' });
    },
  );

  it.each(['br', 'deflate', 'gzip, gzip', 'zstd'])('of encoding %s is answered 415', async (encoding) => {
    const answer = await post(house, anOrder(), { 'content-encoding': encoding });
    expect(answer.json).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });
});

describe('gzip', () => {
  const zipped = gzipSync(JSON.stringify(anOrder()));
  const gzip = { 'content-encoding': 'gzip' };

  it('that unpacks to more than 8 MiB is answered 413, without unpacking it all', async () => {
    const bomb = gzipSync(Buffer.alloc(200 * 1024 * 1024));
    const before = process.memoryUsage().rss;
    const answer = await post(house, bomb, gzip);
    expect(answer.json).toMatchObject({ status: 413, code: 'payload_too_large' });
    expect(process.memoryUsage().rss - before).toBeLessThan(128 * 1024 * 1024);
  });

  it.each([
    ['is no gzip', Buffer.from('{"order_id":"A-1"}')],
    ['is cut off', zipped.subarray(0, zipped.length - 12)],
    ['is damaged', Buffer.concat([zipped.subarray(0, 20), Buffer.from([0xff, 0xff]), zipped.subarray(22)])],
  ])('that %s is answered 400', async (_what, body) => {
    const answer = await post(house, body, gzip);
    expect(answer.json).toMatchObject({ status: 400, code: 'malformed_json' });
  });
});

describe('a sender', () => {
  it('that is slow is answered 408, while others are served', async () => {
    const slow = talk(head('Content-Length: 1000'), '{"order_id":');
    expect((await post(house, '{')).status).toBe(400);
    const answer = await slow;
    expect(answer).toMatch(/^HTTP\/1\.1 408 /);
    expect(answer).toContain('"code":"request_timeout"');
  });

  it('that is slow with its headers is answered 408', async () => {
    expect(await talk('POST /v1/orders HTTP/1.1\r\nHost: loc')).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('that speaks no HTTP is answered 400', async () => {
    const answer = await talk('\x16\x03\x01\x02\x00\x01\x00\r\n\r\n');
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('"code":"malformed_json"');
  });

  it('that gives two lengths is refused', async () => {
    expect(await talk(head('Content-Length: 2', 'Content-Length: 3'), '{}')).toMatch(/^HTTP\/1\.1 400 /);
  });

  it('that goes away in the middle leaves nothing behind', async () => {
    const socket = connect(port, '127.0.0.1');
    await new Promise<void>((resolve) => socket.write(head('Content-Length: 1000'), () => resolve()));
    socket.destroy();
  });

  it('that gives no length, in chunks, is served', async () => {
    const body = JSON.stringify(anOrder({ order_id: 'chunked' }));
    const chunk = (text: string): string => `${text.length.toString(16)}\r\n${text}\r\n`;
    const answer = await talk(
      head('Transfer-Encoding: chunked', 'Connection: close'),
      chunk(body.slice(0, 20)) + chunk(body.slice(20)) + chunk(''),
    );
    expect(answer).toMatch(/^HTTP\/1\.1 202 /);
    made += 1;
  });

  it('that sends more than 8 MiB in chunks is cut off with 413', async () => {
    const status = await new Promise((resolve, reject) => {
      const options = { port, method: 'POST', path: '/v1/orders', headers: { 'content-type': 'application/json' } };
      const sent = request(options, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      sent.on('error', (error: NodeJS.ErrnoException) => (error.code === 'EPIPE' ? undefined : reject(error)));
      for (let megabyte = 0; megabyte < 9; megabyte += 1) sent.write(Buffer.alloc(1024 * 1024, ' '));
      sent.end();
    });
    expect(status).toBe(413);
  });
});
