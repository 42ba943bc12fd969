import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { createLog } from '../runtime/log.ts';
import { alertOf, sendAlert } from './alert.ts';

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

/** A webhook that answers with these statuses, one after the other, and keeps the bodies. */
async function webhook(statuses: number[]): Promise<{ url: string; bodies: string[] }> {
  const bodies: string[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    bodies.push(body);
    response.writeHead(statuses.shift() ?? 500, { location: 'http://127.0.0.1:1/' }).end();
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook?token=secret`, bodies };
}

const run = { run_id: 'r-1', business_date: '2026-06-30', status: 'done', ms: 10 } as const;
const warned = {
  name: 'unknown-stores',
  status: 'warned',
  observed: 2,
  expected: 'none',
  message: '2 stores sold in the last seven days and are not in the list of stores.',
} as const;

describe('an alert', () => {
  it('says what is wrong in words, and nothing when nothing is', () => {
    expect(alertOf(run, [{ ...warned, status: 'passed' }], [])).toBeUndefined();
    expect(alertOf(run, [warned], [])?.text).toBe(
      'Slicehouse refresh of 2026-06-30 done. warned: 2 stores sold in the last seven days and are not in the list of stores.',
    );
    const failed = { ...run, status: 'failed' } as const;
    expect(alertOf(failed, [], [{ step: 'sources', detail: 'The database does not answer.' }])?.text).toBe(
      'Slicehouse refresh of 2026-06-30 failed. sources failed: The database does not answer.',
    );
  });

  it('is sent as JSON, again when it was not taken, and not to where a redirect leads', async () => {
    const alert = alertOf(run, [warned], []);
    if (!alert) throw new Error('There is no alert.');
    const { url, bodies } = await webhook([500, 302, 200]);
    expect(await sendAlert(url, alert, createLog('silent'), 1)).toBe(true);
    expect(bodies).toHaveLength(3);
    expect(JSON.parse(bodies[2] ?? '')).toMatchObject({ text: alert.text, checks: [{ name: 'unknown-stores' }] });
    const deaf = await webhook([]);
    expect(await sendAlert(deaf.url, alert, createLog('silent'), 1)).toBe(false);
    expect(deaf.bodies).toHaveLength(3);
  });
});
