import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { findCycle, findViolations, type ImportTable, specifiersIn, stagesIn } from './support/import-table.ts';
import { temporaryFolders } from './support/temporary-folders.ts';

const everywhere = ['contract', 'runtime'];

/** The stages in flow order, and what each may import. docs/architecture.md shows the same. */
const table: ImportTable = {
  contract: [],
  runtime: [],
  http: everywhere,
  stream: everywhere,
  warehouse: everywhere,
  sources: [...everywhere, 'http'],
  ingest: [...everywhere, 'http', 'stream'],
  import: everywhere,
  archive: [...everywhere, 'stream'],
  backup: [...everywhere, 'archive'],
  verify: [...everywhere, 'stream', 'warehouse', 'archive'],
  load: [...everywhere, 'stream', 'warehouse'],
  reports: [...everywhere, 'warehouse'],
  insights: [...everywhere, 'warehouse'],
  refresh: [...everywhere, 'sources', 'warehouse', 'reports', 'insights'],
  api: [...everywhere, 'http', 'warehouse', 'reports', 'insights'],
  dashboard: ['contract'],
  simulator: ['contract'],
  apps: [
    ...everywhere,
    'http',
    'stream',
    'warehouse',
    'sources',
    'ingest',
    'import',
    'load',
    'reports',
    'insights',
    'refresh',
    'archive',
    'backup',
    'verify',
    'api',
    'simulator',
  ],
};

const root = fileURLToPath(new URL('..', import.meta.url));
const newFolder = temporaryFolders();

/** A small house with these files. */
const plant = (files: Readonly<Record<string, string>>): string => {
  const folder = newFolder();
  for (const [path, content] of Object.entries({ 'simulator/run.ts': '', ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
};

describe('the house', () => {
  it('keeps to the import table', () => {
    expect(findViolations(root, table)).toEqual([]);
  });

  it('has no stage that the table does not know', () => {
    for (const stage of stagesIn(root)) expect(Object.keys(table)).toContain(stage);
  });

  it('has no circle of stages', () => {
    expect(findCycle(root)).toBeUndefined();
  });
});

describe('the check of the import table', () => {
  const warehouse = { 'src/warehouse/warehouse.ts': '', 'src/warehouse/duckdb/duckdb.ts': '' };

  it('finds nothing in a house that is in order', () => {
    const files = {
      ...warehouse,
      'src/reports/report.ts': `import type { Row } from '../warehouse/warehouse.ts';\nimport Type from 'typebox';`,
      'src/apps/serve.ts': `import { open } from '../warehouse/duckdb/duckdb.ts';\nimport '../../simulator/run.ts';`,
      'src/contract/words.test.ts': `import '../warehouse/warehouse.ts';`,
    };
    expect(findViolations(plant(files), table)).toEqual([]);
    expect(findCycle(plant(files))).toBeUndefined();
  });

  it.each([
    [
      'a stage that may not be known',
      `import { Row } from '../warehouse/warehouse.ts';`,
      'contract may not import warehouse',
    ],
    ['its types', `import type { Row } from '../warehouse/warehouse.ts';`, 'may not import'],
    ['it over several lines', `import {\n  type Row,\n  open,\n} from '../warehouse/warehouse.ts';`, 'may not import'],
    ['it for its effects', `import '../warehouse/warehouse.ts';`, 'may not import'],
    ['it by re-export', `export type { Row } from '../warehouse/warehouse.ts';`, 'may not import'],
    ['it when it runs', `const { open } = await import('../warehouse/warehouse.ts');`, 'may not import'],
    ['its types inline', `type Row = import('../warehouse/warehouse.ts').Row;`, 'may not import'],
    ['a file outside the house', `import { anOrder } from '../../test/support/orders.ts';`, 'belongs to no stage'],
  ])('catches an import of %s', (_what, source, violation) => {
    const folder = plant({ ...warehouse, 'src/contract/words.ts': source });
    expect(findViolations(folder, table)).toEqual([expect.stringMatching(`^src/contract/words.ts .*${violation}`)]);
  });

  it('catches an adapter that another stage names', () => {
    const folder = plant({ ...warehouse, 'src/load/loader.ts': `import '../warehouse/duckdb/duckdb.ts';` });
    expect(findViolations(folder, table)).toEqual([expect.stringContaining('private to warehouse')]);
  });

  it('catches a stage that nobody declared, and the dashboard where it does not belong', () => {
    const folder = plant({
      'src/helpers/misc.ts': `import './other.ts';`,
      'src/dashboard/app/main.tsx': `import { Row } from '../../contract/report.ts';\nimport '../../runtime/log.ts';`,
      'src/apps/serve.ts': `import '../dashboard/app/main.tsx';`,
    });
    expect(findViolations(folder, table).sort()).toEqual([
      expect.stringMatching(/serve.ts .*apps may not import dashboard/),
      expect.stringMatching(/main.tsx .*dashboard may not import runtime/),
      expect.stringMatching(/misc.ts: helpers is not in the table/),
    ]);
  });

  it('catches a circle', () => {
    const folder = plant({
      'src/a/a.ts': `import '../b/b.ts';`,
      'src/b/b.ts': `import '../c/c.ts';`,
      'src/c/c.ts': `import '../a/a.ts';`,
    });
    expect(findCycle(folder)).toEqual(['a', 'b', 'c', 'a']);
  });

  it('takes no text or comment for an import', () => {
    const source = `// import './a.ts'\n/* export * from './b.ts' */\nexport const words = "import './c.ts'";\nexport const x = './d.ts';`;
    expect(specifiersIn(source)).toEqual([]);
  });
});
