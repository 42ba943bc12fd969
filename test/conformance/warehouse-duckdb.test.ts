import { join } from 'node:path';
import { DuckdbWarehouse } from '../../src/warehouse/duckdb/duckdb-warehouse.ts';
import { testWarehouse } from './warehouse.ts';

testWarehouse('in DuckDB', (folder) =>
  DuckdbWarehouse.open({ path: join(folder, 'warehouse.duckdb'), folder, memoryLimitMb: 512 }),
);
