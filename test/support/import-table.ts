import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';

/** Which stages of ours a stage may import; its own files always. `src/` holds a folder a stage, beside it the simulator. */
export type ImportTable = Readonly<Record<string, readonly string[]>>;

/** Stages that may name the adapters (subfolders) of other stages. */
const composers = ['apps'];

interface Import {
  readonly file: string;
  readonly from: string;
  /** Path of the imported file, from the root. */
  readonly target: string;
}

/**
 * Every place below the root where an import breaks the table: a stage it may not know, a stage that is not in the
 * table, an adapter of another stage, or a file outside the stages. Tests may import what they like.
 */
export function findViolations(root: string, table: ImportTable): string[] {
  return importsOf(root).flatMap(({ file, from, target }) => {
    const to = stageOf(target);
    const allowed = table[from];
    if (allowed === undefined) return [`${file}: ${from} is not in the table`];
    if (to === undefined) return [`${file} imports ${target}, which belongs to no stage`];
    if (to !== from && !allowed.includes(to)) return [`${file} imports ${target}: ${from} may not import ${to}`];
    const isAdapter = to !== from && to !== 'simulator' && target.split('/').length > 3;
    if (isAdapter && !composers.includes(from)) return [`${file} imports ${target}, which is private to ${to}`];
    return [];
  });
}

/** The stages of a circle of imports, the first again at the end; undefined when there is none. */
export function findCycle(root: string): string[] | undefined {
  const edges = new Map<string, Set<string>>();
  for (const { from, target } of importsOf(root)) {
    const to = stageOf(target);
    if (to !== undefined && to !== from) edges.set(from, (edges.get(from) ?? new Set()).add(to));
  }
  const done = new Set<string>();
  const visit = (stage: string, path: readonly string[]): string[] | undefined => {
    if (path.includes(stage)) return [...path.slice(path.indexOf(stage)), stage];
    if (done.has(stage)) return undefined;
    for (const next of edges.get(stage) ?? []) {
      const cycle = visit(next, [...path, stage]);
      if (cycle) return cycle;
    }
    done.add(stage);
    return undefined;
  };
  return [...edges.keys()].map((stage) => visit(stage, [])).find((cycle) => cycle !== undefined);
}

/** The stages there are, by their folders. */
export function stagesIn(root: string): string[] {
  return [...new Set(filesIn(root).flatMap((file) => stageOf(file) ?? []))].sort();
}

function importsOf(root: string): Import[] {
  return filesIn(root).flatMap((file) => {
    const from = stageOf(file) ?? '';
    return specifiersIn(readFileSync(join(root, file), 'utf8'))
      .filter((specifier) => specifier.startsWith('.'))
      .map((specifier) => ({ file, from, target: slashed(relative(root, join(root, dirname(file), specifier))) }));
  });
}

function filesIn(root: string): string[] {
  return ['src', 'simulator']
    .flatMap((folder) => readdirSync(join(root, folder), { recursive: true }).map((name) => join(folder, String(name))))
    .map(slashed)
    .filter((file) => /\.tsx?$/.test(file) && !/\.test\.tsx?$|\.d\.ts$/.test(file));
}

function stageOf(file: string): string | undefined {
  return file.startsWith('simulator/') ? 'simulator' : /^src\/([^/]+)\//.exec(file)?.[1];
}

const slashed = (path: string): string => path.split(sep).join('/');

/** What a file imports: statically, for types, for side effects, by re-export, dynamically. */
export function specifiersIn(source: string): string[] {
  const code = source.replace(/\/\*[\s\S]*?\*\//g, '').replace(/^\s*\/\/.*$/gm, '');
  const statements = /^\s*(?:import|export)\b[^'"`;=]*?(?:\bfrom\s*)?(['"])([^'"\n]+)\1/gm;
  const calls = /\b(?:import|require)\s*\(\s*(['"`])([^'"`\n]+)\1/g;
  return [statements, calls].flatMap((pattern) => [...code.matchAll(pattern)].map((match) => match[2] ?? ''));
}
