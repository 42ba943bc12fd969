import { connect } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createLog } from '../runtime/log.ts';
import { type App, createApp } from './create-app.ts';

const newApp = (): Promise<App> => createApp(createLog('silent'), '1.2.3');

/** Opens a connection and sends this; resolves when the server has had time to take it in. */
const talk = async (app: App, text: string): Promise<{ received: () => string; closed: Promise<void> }> => {
  const address = app.server.address();
  const socket = connect(typeof address === 'object' ? (address?.port ?? 0) : 0, '127.0.0.1');
  let answer = '';
  socket.on('data', (chunk) => {
    answer += chunk;
  });
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  await new Promise<void>((resolve) => socket.once('connect', resolve));
  if (text) socket.write(text);
  await new Promise((resolve) => setTimeout(resolve, 50));
  return { received: () => answer, closed };
};

describe('an application', () => {
  it('answers what is not there with a problem document', async () => {
    const app = await newApp();
    const answer = await app.inject('/nowhere');
    expect(answer.headers['content-type']).toContain('application/problem+json');
    expect(answer.json()).toMatchObject({ status: 404, code: 'not_found', type: expect.stringMatching(/#not_found$/) });
  });

  it('tells nothing of a mistake of its own', async () => {
    const app = await newApp();
    app.get('/broken', async () => {
      throw new Error('secret detail');
    });
    const answer = await app.inject('/broken');
    expect(answer.json()).toMatchObject({ status: 500, code: 'internal' });
    expect(answer.body).not.toContain('secret');
  });

  it('closes at once while connections are open that never asked for anything', async () => {
    const app = await newApp();
    await app.listen({ host: '127.0.0.1', port: 0 });
    const silent = await talk(app, '');
    await app.close();
    await silent.closed;
  });

  it('answers what it was asked before it closes', async () => {
    const app = await newApp();
    app.get('/slow', async () => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      return { done: true };
    });
    await app.listen({ host: '127.0.0.1', port: 0 });
    const asking = await talk(app, 'GET /slow HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await app.close();
    await asking.closed;
    expect(asking.received()).toContain('{"done":true}');
  });
});
