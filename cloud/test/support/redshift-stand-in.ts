import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { S3Client } from '@aws-sdk/client-s3';
import pg from 'pg';
import { credentials, region } from './moto.ts';
import { startPostgres } from './postgres.ts';
import { DataApiServer } from './redshift-stand-in-data-api.ts';
import { StandInError } from './redshift-stand-in-error.ts';
import { Faults, type Operation } from './redshift-stand-in-faults.ts';
import { createFunctions } from './redshift-stand-in-functions.ts';

/*
 * Stands in for Redshift: the Data API's own protocol over a real PostgreSQL, and COPY from a real S3 API.
 *
 * The same as on Redshift, by translation: VARCHAR(n) counts bytes, without a length has 256 of them, and MAX is
 * 65,535; primary, foreign and unique keys do not hold (NOT NULL does); distribution, sort keys and encodings are
 * read past, after a look whether their columns exist; names are lower case, quoted or not; text sorts by its bytes;
 * batches are one serializable transaction, and a conflict is error 1023; temporary tables end with the batch; GETDATE, SYSDATE,
 * DATEADD, DATEDIFF, NVL, NVL2, LEN, LISTAGG, CONVERT_TIMEZONE and IDENTITY.
 *
 * Refused as by Redshift: what redshift-stand-in-refuse.ts lists, TRUNCATE in a batch (it would commit), parameters
 * that are empty, missing or unused, more than 40 statements, statements over 100 KB, rows over 64 KB.
 *
 * Different, so only a real Redshift shows it:
 * - Error texts other than those of conflicts, over-long text and failed loads are PostgreSQL's.
 * - CAST(x AS VARCHAR(n)) cuts at n bytes there, at n characters here; without (n) it cuts at 256 bytes there.
 * - AVG of integers is an integer there, a decimal here. Division of decimals has another scale.
 * - ROUND of a double that lies halfway goes to the even neighbour here; of a decimal, away from zero on both.
 * - DATE_TRUNC of a date is a timestamp there, with a zone here: cast dates to TIMESTAMP first.
 * - Trailing blanks may count in comparisons of VARCHAR here and not there.
 * - Some correlated subqueries are refused there. Functions of the leader node cannot meet tables there.
 * - Names have 127 bytes there, 63 here. Which of two concurrent transactions conflicts is decided otherwise.
 * - Types of parameters are found by PostgreSQL from where they stand, for each mention by itself.
 * - COPY: FORMAT JSON 'auto' alone, an object a line. Its numbers of errors are from Redshift's list; which number
 *   stands for which fault, and the words, may differ. Slices do not run in parallel, so the first error is the first.
 * - Numbers of changed rows are PostgreSQL's; Redshift's documents name INSERT, UPDATE, DELETE and COPY, not MERGE.
 * - Speed, plans, queues, concurrency and everything else that is a cluster's.
 */

/** A Redshift workgroup of one test. */
export interface Redshift {
  /** Where the Data API answers: AWS_ENDPOINT_URL_REDSHIFT_DATA. */
  readonly endpoint: string;
  /** A client of the real SDK for it. */
  readonly client: RedshiftDataClient;
  /** The PostgreSQL behind it, to look at. */
  readonly pg: pg.Pool;
  readonly faults: Faults;
  /** Every text that was sent to it, once each, as it was sent. */
  readonly statements: ReadonlySet<string>;
  stop(): Promise<void>;
}

/** Where its S3 is, and how many rows a page of a result has; 1,000 unless told. */
export interface RedshiftOptions {
  readonly s3Endpoint: string;
  readonly pageRows?: number;
}

const sessionsMax = 10;

/** Starts PostgreSQL and the Data API in front of it, each on a free port. */
export async function startRedshift({ s3Endpoint, pageRows = 1_000 }: RedshiftOptions): Promise<Redshift> {
  const postgres = await startPostgres();
  await createFunctions(postgres.connection);
  const pool = new pg.Pool({ ...postgres.connection, max: sessionsMax });
  const outside = new pg.Pool({ ...postgres.connection, max: 4 });
  const s3 = new S3Client({ endpoint: s3Endpoint, region, credentials, forcePathStyle: true });
  const faults = new Faults();
  const api = new DataApiServer({ pool, outside, s3, faults }, pageRows);
  const server = createServer((request, response) => void answer(api, faults, request, response));
  const endpoint = await listen(server);
  const client = new RedshiftDataClient({ endpoint, region, credentials });
  return {
    endpoint,
    client,
    pg: outside,
    faults,
    statements: api.statements,
    async stop() {
      client.destroy();
      s3.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await api.stop();
      await pool.end();
      await outside.end();
      await postgres.stop();
    },
  };
}

async function answer(
  api: DataApiServer,
  faults: Faults,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const operation = String(request.headers['x-amz-target']).split('.')[1] as Operation;
  const send = (status: number, body: object) => {
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' });
    response.end(JSON.stringify(body));
  };
  try {
    const input = (await json(request)) as Record<string, unknown>;
    faults.beforeCall(operation);
    const output = await api.call(operation, input);
    if (faults.losesAnswer(operation)) {
      await api.idle();
      request.socket.destroy();
      return;
    }
    send(200, output as object);
  } catch (error) {
    const { name, message } =
      error instanceof StandInError ? error : { name: 'InternalServerException', message: String(error) };
    send(name === 'InternalServerException' ? 500 : 400, { __type: name, message });
  }
}

async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The system gave no port.');
  return `http://127.0.0.1:${address.port}`;
}
