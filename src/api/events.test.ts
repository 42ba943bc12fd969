import { describe, expect, it } from 'vitest';
import { post, testHouses } from '../../test/support/houses.ts';
import { anOrder } from '../../test/support/orders.ts';

const newHouse = testHouses();

/** The events of a server, one by one. */
async function* eventsOf(
  url: string,
  signal: AbortSignal,
): AsyncGenerator<{ event: string; data: Record<string, unknown> }> {
  const answer = await fetch(url, { signal });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  let waiting = '';
  for await (const chunk of (answer.body ?? new ReadableStream()).pipeThrough(new TextDecoderStream())) {
    const messages = (waiting + chunk).split('\n\n');
    waiting = messages.pop() ?? '';
    for (const message of messages) {
      const event = /^event: (.*)$/m.exec(message)?.[1];
      const data = /^data: (.*)$/m.exec(message)?.[1];
      if (event && data) yield { event, data: JSON.parse(data) };
    }
  }
}

describe('live events', () => {
  it('say hello with what is visible, and visible when more is', async () => {
    const house = await newHouse();
    const url = await house.app.listen({ host: '127.0.0.1', port: 0 });
    const gone = new AbortController();
    const events = eventsOf(`${url}/v1/events`, gone.signal);
    const hello = (await events.next()).value;
    expect(hello).toEqual({
      event: 'hello',
      data: { visible_through: null, data_version: expect.any(Number), orders: 0, freshness_ms: 0 },
    });
    await post(house, anOrder());
    const visible = (await events.next()).value;
    expect(visible).toMatchObject({ event: 'visible', data: { orders: 1 } });
    expect(visible?.data['data_version']).toBeGreaterThan(Number(hello?.data['data_version']));
    expect(visible?.data['freshness_ms']).toBeGreaterThanOrEqual(0);
    expect(Date.parse(String(visible?.data['visible_through']))).toBeGreaterThan(Date.now() - 60_000);
    gone.abort();
  });

  it('end when the house closes, so that it can', async () => {
    const house = await newHouse();
    const url = await house.app.listen({ host: '127.0.0.1', port: 0 });
    const events = eventsOf(`${url}/v1/events`, new AbortController().signal);
    await events.next();
    await house.close();
    expect((await events.next()).done).toBe(true);
  });
});
