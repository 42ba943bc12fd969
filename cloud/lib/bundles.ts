import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Plugin } from 'esbuild';

const repository = fileURLToPath(new URL('../..', import.meta.url));
const source = join(repository, 'src');
const bundles = fileURLToPath(new URL('../node_modules/.cache/functions', import.meta.url));

/** Every Lambda function there is: the entry point `src/apps/<name>.lambda.ts`. */
export const functionNames = ['ingest', 'authorize', 'load', 'migrate', 'api', 'refresh', 'census'] as const;
export type FunctionName = (typeof functionNames)[number];

/** The folder that a function's code is deployed from, once `bundleFunctions` has made it. */
export function bundleFolder(name: FunctionName): string {
  return join(bundles, name);
}

/**
 * Bundles every function with esbuild, without Docker or network: one ES module each, and beside it, in the folders
 * they have in the repository, the SQL files and tables that the code reads at run time.
 *
 * @throws Error from esbuild, with the place in the source, when one does not build
 */
export async function bundleFunctions(names: readonly FunctionName[] = functionNames): Promise<void> {
  for (const name of names) {
    const folder = bundleFolder(name);
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder, { recursive: true });
    const read = new Set<string>();
    await build({
      entryPoints: [join(source, 'apps', `${name}.lambda.ts`)],
      outfile: join(folder, 'index.mjs'),
      bundle: true,
      platform: 'node',
      target: 'node24',
      format: 'esm',
      minifyWhitespace: true,
      minifySyntax: true,
      logLevel: 'error',
      // Packages written for CommonJS ask for these names; ES modules have them only when told.
      banner: {
        js: [
          "import { createRequire as createRequireOf } from 'node:module';",
          "import { dirname as folderOf } from 'node:path';",
          "import { fileURLToPath as pathOf } from 'node:url';",
          'const require = createRequireOf(import.meta.url);',
          'const __filename = pathOf(import.meta.url);',
          'const __dirname = folderOf(__filename);',
        ].join('\n'),
      },
      plugins: [keepPlaces(read)],
    });
    for (const file of filesReadBy(read)) cpSync(file, join(folder, relative(repository, file)));
  }
}

/**
 * Gives each of our modules the place it has in the repository as its `import.meta.url`, so that it finds the files
 * beside it; and refuses the DuckDB adapter, whose native library would not run on Lambda's processors.
 */
function keepPlaces(read: Set<string>): Plugin {
  return {
    name: 'keep-places',
    setup({ onLoad, onResolve }) {
      onResolve({ filter: /^@duckdb\// }, ({ path, importer }) => ({
        errors: [
          { text: `${path} cannot be part of a Lambda function; ${relative(repository, importer)} imports it.` },
        ],
      }));
      onLoad({ filter: /\.ts$/ }, ({ path }) => {
        const contents = readFileSync(path, 'utf8');
        if (!path.startsWith(source) || !contents.includes('import.meta.url')) return undefined;
        read.add(path);
        const place = JSON.stringify(`./${relative(repository, path)}`);
        return {
          contents: contents.replaceAll('import.meta.url', `new URL(${place}, import.meta.url).href`),
          loader: 'ts',
        };
      });
    },
  };
}

/** The data files in and below the folders of modules that look for files beside themselves. */
function filesReadBy(modules: ReadonlySet<string>): string[] {
  const folders = new Set([...modules].map((path) => dirname(path)));
  return [...folders].flatMap((folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(sql|json|gz)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name)),
  );
}
