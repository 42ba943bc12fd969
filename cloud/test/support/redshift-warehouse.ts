import { createHash } from 'node:crypto';
import { DeleteObjectCommand, PutObjectCommand } from '@aws-sdk/client-s3';
import type { DeliveredRecord } from '../../../src/contract/delivered-order.ts';
import type { SegmentFile } from '../../../src/contract/segment-file.ts';
import { DataApi } from '../../../src/warehouse/redshift/data-api.ts';
import { migrate } from '../../../src/warehouse/redshift/migrate.ts';
import { RedshiftWarehouse } from '../../../src/warehouse/redshift/redshift-warehouse.ts';
import type { SegmentPlace } from '../../../test/conformance/warehouse-bench.ts';
import { type Moto, startMoto } from './moto.ts';
import { type Redshift, startRedshift } from './redshift-stand-in.ts';

export const bucket = 'slicehouse-data';
const copyRole = 'arn:aws:iam::123456789012:role/slicehouse-copy';

/** A workgroup with its tables, the folder that it belongs to now, and whether its warehouse is closed. */
export interface Workgroup {
  readonly redshift: Redshift;
  readonly dataApi: DataApi;
  folder: string | undefined;
  isFree: boolean;
}

/**
 * As many warehouses as tests have open at once, each a PostgreSQL of its own. That of a closed warehouse stays as it
 * is until another one is opened, and is emptied for it then.
 */
export class RedshiftWarehouses {
  readonly moto: Moto;
  readonly #workgroups: Workgroup[] = [];

  private constructor(moto: Moto) {
    this.moto = moto;
  }

  static async start(): Promise<RedshiftWarehouses> {
    const moto = await startMoto();
    await moto.createBucket(bucket);
    return new RedshiftWarehouses(moto);
  }

  /** The warehouse of a folder: empty at first, the same again when it is opened again at once. */
  async open(folder: string): Promise<RedshiftWarehouse> {
    const workgroup = await this.workgroup(folder);
    const { dataApi } = workgroup;
    const warehouse = await RedshiftWarehouse.open({ dataApi, s3: this.moto.s3, bucket, copyRole });
    const close = warehouse.close.bind(warehouse);
    warehouse.close = async () => {
      await close();
      workgroup.isFree = true;
    };
    return warehouse;
  }

  /** The workgroup of a folder. */
  async workgroup(folder: string): Promise<Workgroup> {
    const own = this.#workgroups.find((one) => one.folder === folder);
    const free = own ?? this.#workgroups.find(({ isFree }) => isFree);
    const taken = free ?? (await this.#another());
    taken.isFree = false;
    taken.folder = folder;
    if (free && !own) await empty(free);
    return taken;
  }

  /** Segments as objects: a record a line, as Firehose leaves them. */
  get segments(): SegmentPlace {
    return {
      put: (folder, sequence, records) => this.put(`${keyOf(folder)}/${sequence}`, sequence, linesOf(records)),
      remove: async ({ path }) => {
        await this.moto.s3.send(new DeleteObjectCommand({ Bucket: bucket, Key: path.replace(`s3://${bucket}/`, '') }));
      },
    };
  }

  /** Lands an object. */
  async put(name: string, sequence: number, content: string | Buffer): Promise<SegmentFile> {
    const key = `landing/${name}`;
    const body = Buffer.from(content);
    await this.moto.s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    return { sequence, path: `s3://${bucket}/${key}`, records: 0, bytes: body.length, sealedAtMs: Date.now() };
  }

  async stop(): Promise<void> {
    for (const { redshift } of this.#workgroups) await redshift.stop();
    await this.moto.stop();
  }

  async #another(): Promise<Workgroup> {
    const redshift = await startRedshift({ s3Endpoint: this.moto.endpoint });
    const dataApi = new DataApi({
      client: redshift.client,
      workgroupName: 'slicehouse',
      database: 'slicehouse',
      retryMs: 10,
    });
    await migrate(dataApi);
    const workgroup: Workgroup = { redshift, dataApi, folder: undefined, isFree: false };
    this.#workgroups.push(workgroup);
    return workgroup;
  }
}

/** Records as an object has them. */
export function linesOf(records: readonly DeliveredRecord[]): string {
  return records.map((record) => `${JSON.stringify(record)}\n`).join('');
}

function keyOf(folder: string): string {
  return createHash('sha256').update(folder).digest('hex').slice(0, 16);
}

/** Empties every table but that of the migrations. */
async function empty({ redshift: { pg } }: Workgroup): Promise<void> {
  const { rows } = await pg.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'schema_migration'`,
  );
  await pg.query(`TRUNCATE ${rows.map(({ name }) => name).join(', ')}`);
  await pg.query('INSERT INTO reference_version VALUES (0)');
}
