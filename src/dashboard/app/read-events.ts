import { readLines } from './read-lines.ts';

/** One server-sent event; a heartbeat has the name `heartbeat` and no data. */
export interface ServerEvent {
  readonly name: string;
  readonly data: string;
}

/**
 * Reads a stream of server-sent events. The browser's own EventSource cannot send a key, and does not tell of
 * heartbeats, by which a dead connection is told from a quiet one.
 */
export async function* readEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ServerEvent> {
  let name = 'message';
  let data: string[] = [];
  for await (const line of readLines(body)) {
    const [, field, value = ''] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (line === '') {
      if (data.length > 0) yield { name, data: data.join('\n') };
      name = 'message';
      data = [];
    } else if (field === '') yield { name: 'heartbeat', data: '' };
    else if (field === 'event') name = value;
    else if (field === 'data') data.push(value);
  }
}
