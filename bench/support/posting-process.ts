// The load generator of the ingest scenario, a process of its own.
import { answerJobs } from './helper-process.ts';
import { type PostingKind, RequestMaker } from './order-requests.ts';
import { postOver } from './wire-connection.ts';

/** Post as fast as the server answers, over so many connections, for so long. */
export interface PostingJob {
  readonly url: string;
  readonly kind: PostingKind;
  readonly connections: number;
  readonly seconds: number;
}

export interface PostingSummary {
  /** Orders answered with 202. */
  readonly orders: number;
  /** Requests answered with anything else. */
  readonly refused: number;
  readonly seconds: number;
  /** Processor time of the generator itself over the time that passed, percent of one core. */
  readonly generatorPercent: number;
}

/** Packed batches are made before the clock starts; a server that takes more of them a second ends the round early. */
const gzipBatchesPerSecond = 140;

const maker = new RequestMaker();

async function post({ url, kind, connections, seconds }: PostingJob): Promise<PostingSummary> {
  const address = new URL(url);
  const requests = maker.make(kind, address.host, connections, Math.ceil(seconds * gzipBatchesPerSecond));
  let [answered, refused] = [0, 0];
  const cpuBefore = process.cpuUsage();
  const startMs = performance.now();
  const endMs = startMs + seconds * 1000;
  await Promise.all(
    Array.from({ length: connections }, async (_, connection) => {
      const first = requests.next(connection);
      if (first === undefined) return;
      await postOver(address, first, (status) => {
        if (status === 202) answered += 1;
        else refused += 1;
        return performance.now() < endMs ? requests.next(connection) : undefined;
      });
    }),
  );
  const passedMs = performance.now() - startMs;
  const { user, system } = process.cpuUsage(cpuBefore);
  return {
    orders: answered * requests.ordersEach,
    refused,
    seconds: passedMs / 1000,
    generatorPercent: (user + system) / 10 / passedMs,
  };
}

answerJobs(post);
