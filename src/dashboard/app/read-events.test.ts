import { expect, test } from 'vitest';
import { readEvents } from './read-events.ts';
import { readLines } from './read-lines.ts';

function bodyOf(chunks: readonly Uint8Array[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(chunk);
      controller.close();
    },
  });
}

async function all<Item>(items: AsyncIterable<Item>): Promise<Item[]> {
  const read: Item[] = [];
  for await (const item of items) read.push(item);
  return read;
}

const written =
  'retry: 2000\nevent: hello\ndata: {"é":1}\n\n: still here\n\nevent: visible\r\ndata: a\r\ndata: b\r\n\r\n';

test.each([1, 2, 3, 7, 1000])('events in chunks of %i bytes', async (size) => {
  const bytes = new TextEncoder().encode(written);
  const chunks = Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
    bytes.slice(at * size, (at + 1) * size),
  );
  expect(await all(readEvents(bodyOf(chunks)))).toEqual([
    { name: 'hello', data: '{"é":1}' },
    { name: 'heartbeat', data: '' },
    { name: 'visible', data: 'a\nb' },
  ]);
});

test('the last line may lack its end', async () => {
  expect(await all(readLines(bodyOf([new TextEncoder().encode('one\n\ntwo')])))).toEqual(['one', '', 'two']);
});
