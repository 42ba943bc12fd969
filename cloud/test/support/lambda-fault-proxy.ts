import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A call of an AWS service on its way. */
export interface ProxiedCall {
  readonly method: string;
  readonly path: string;
  /** Service and operation of JSON protocols, such as `Firehose_20150804.PutRecordBatch`; empty for S3. */
  readonly target: string;
  readonly body: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
}

type Forward = (body?: Buffer) => Promise<Answer>;

/** Does something else than passing a call on; undefined leaves the call to the next fault, or to the server. */
export type Fault = (call: ProxiedCall, forward: Forward) => Promise<Answer> | undefined;

/** A way to an AWS server that goes wrong as it is told. */
export interface FaultProxy {
  readonly endpoint: string;
  /** Every call that came, in order. */
  readonly calls: readonly ProxiedCall[];
  /** Asked one after the other for each call. */
  faults: Fault[];
  stop(): Promise<void>;
}

const firstPort = 8700;
const lastPort = 8749;

/** Listens on a free port of this machine and passes calls on to an endpoint. */
export async function startFaultProxy(endpoint: string): Promise<FaultProxy> {
  const calls: ProxiedCall[] = [];
  const proxy: Omit<FaultProxy, 'endpoint'> = {
    calls,
    faults: [],
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  const server = createServer((incoming, response) => {
    pass(endpoint, incoming, response, calls, proxy).catch((error: unknown) => response.destroy(error as Error));
  });
  await listen(server);
  return Object.assign(proxy, { endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
}

async function pass(
  endpoint: string,
  incoming: IncomingMessage,
  response: ServerResponse,
  calls: ProxiedCall[],
  proxy: Pick<FaultProxy, 'faults'>,
): Promise<void> {
  const body = await bytesOf(incoming);
  const { method = 'GET', url: path = '/' } = incoming;
  const call = { method, path, target: String(incoming.headers['x-amz-target'] ?? ''), body };
  calls.push(call);
  const forward: Forward = (changed = body) => send(endpoint, incoming, changed);
  let answer: Promise<Answer> | undefined;
  for (const fault of proxy.faults) answer ??= fault(call, forward);
  const { status, headers, body: content } = await (answer ?? forward());
  response.writeHead(status, headers as Record<string, string>);
  response.end(content);
}

function send(endpoint: string, { method, url, headers }: IncomingMessage, body: Buffer): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const { 'transfer-encoding': _, ...rest } = headers;
    const options = { method, headers: { ...rest, 'content-length': String(body.length) }, agent: false };
    const outgoing = request(new URL(url ?? '/', endpoint), options, async (answer) => {
      const { connection: _connection, ...kept } = answer.headers;
      bytesOf(answer).then((content) => {
        const isHead = method === 'HEAD';
        const length = isHead ? answer.headers['content-length'] : String(content.length);
        const { 'transfer-encoding': _chunked, ...plain } = kept;
        resolve({ status: answer.statusCode ?? 500, headers: { ...plain, 'content-length': length }, body: content });
      }, reject);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

async function bytesOf(stream: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function listen(server: ReturnType<typeof createServer>): Promise<void> {
  for (let port = firstPort; port <= lastPort; port += 1) {
    const listens = await new Promise<boolean>((resolve) => {
      server.once('error', () => resolve(false));
      server.listen(port, '127.0.0.1', () => resolve(true));
    });
    if (listens) return;
  }
  throw new Error(`No port from ${firstPort} to ${lastPort} is free.`);
}

const amzJson = { 'content-type': 'application/x-amz-json-1.1' };

/** Answers some calls with an error as AWS writes it in JSON protocols, without passing them on. */
export function failing(
  isFailing: (call: ProxiedCall) => boolean,
  { status, code }: { status: number; code: string },
): Fault {
  return (call) => {
    if (!isFailing(call)) return undefined;
    const body = Buffer.from(JSON.stringify({ __type: code, message: `${code}, because the test says so` }));
    const headers = { ...amzJson, 'x-amzn-errortype': code, 'content-length': String(body.length) };
    return Promise.resolve({ status, headers, body });
  };
}

interface PutRecordBatch {
  readonly DeliveryStreamName: string;
  readonly Records: readonly { readonly Data: string }[];
}

/** Lets Firehose have only some records of each call of PutRecordBatch; the answer says so as Firehose does. */
export function partly(takes: (record: string, index: number) => boolean): Fault {
  return (call, forward) => {
    if (!call.target.endsWith('.PutRecordBatch')) return undefined;
    const { DeliveryStreamName, Records } = JSON.parse(String(call.body)) as PutRecordBatch;
    const taken = Records.map(({ Data }, index) => takes(Buffer.from(Data, 'base64').toString(), index));
    return answerPartly({ DeliveryStreamName, Records }, taken, forward);
  };
}

async function answerPartly(asked: PutRecordBatch, taken: readonly boolean[], forward: Forward): Promise<Answer> {
  const passed = asked.Records.filter((_, index) => taken[index]);
  if (passed.length > 0) {
    const answer = await forward(Buffer.from(JSON.stringify({ ...asked, Records: passed })));
    if (answer.status !== 200) return answer;
  }
  const failure = { ErrorCode: 'ServiceUnavailableException', ErrorMessage: 'Slow down.' };
  const body = Buffer.from(
    JSON.stringify({
      FailedPutCount: taken.filter((isTaken) => !isTaken).length,
      Encrypted: false,
      RequestResponses: taken.map((isTaken, index) => (isTaken ? { RecordId: `record-${index}` } : failure)),
    }),
  );
  return { status: 200, headers: { ...amzJson, 'content-length': String(body.length) }, body };
}
