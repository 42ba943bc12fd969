import { spawnSync } from 'node:child_process';

/** Statements that sqlglot reads no further than their first word. */
const unparsed = ['LOCK', 'VACUUM', 'ANALYZE'];

const python = process.env['SQLGLOT_PYTHON'] || 'python3';

const program = `
import json, logging, sys
import sqlglot
from sqlglot import exp

logging.disable(logging.CRITICAL)
request = json.load(sys.stdin)
faults = []
for name, sql in request["statements"]:
    try:
        for tree in sqlglot.parse(sql, dialect="redshift", error_level=sqlglot.ErrorLevel.RAISE):
            if tree is None:
                continue
            command = tree.find(exp.Command)
            if command is not None and command.name.upper() not in request["unparsed"]:
                faults.append([name, "is not understood: " + sql[:200]])
    except sqlglot.errors.SqlglotError as error:
        faults.append([name, str(error)])
json.dump(faults, sys.stdout)
`;

/** Why sqlglot cannot be asked here; undefined when it can. */
export function whyNoSqlglot(): string | undefined {
  const found = spawnSync(python, ['-c', 'import sqlglot'], { encoding: 'utf8' });
  if (found.status === 0) return undefined;
  return `${python} has no sqlglot: pip install sqlglot, or name a Python that has it with SQLGLOT_PYTHON`;
}

/**
 * Reads statements, by a name each, as Redshift would.
 *
 * @returns what is wrong, a sentence a statement
 */
export function findSyntaxFaults(statements: readonly (readonly [name: string, sql: string])[]): string[] {
  const input = JSON.stringify({ statements, unparsed });
  const run = spawnSync(python, ['-c', program], { input, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (run.status !== 0) throw new Error(`sqlglot failed: ${run.error?.message ?? run.stderr}`);
  return (JSON.parse(run.stdout) as [string, string][]).map(([name, fault]) => `${name}: ${fault}`);
}
