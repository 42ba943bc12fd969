import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { bundleFolder, bundleFunctions, functionNames } from '../lib/bundles.ts';
import { functionEnvironment } from './support/lambda-moto.ts';

/** With room for a machine that does other things; Lambda's processors and the one here are about as fast. */
const startMsMax = 1_000;
const tries = 3;

beforeAll(() => bundleFunctions());

/** Milliseconds that a new process takes to load a function, with nothing but Lambda's environment. */
function startMs(name: (typeof functionNames)[number]): number {
  const url = pathToFileURL(join(bundleFolder(name), 'index.mjs')).href;
  const program = `const began = performance.now(); await import(${JSON.stringify(url)}); console.log(performance.now() - began);`;
  const { stdout, stderr, status } = spawnSync(process.execPath, ['--input-type=module', '-e', program], {
    // No service answers there: loading a function asks nobody.
    env: functionEnvironment({ endpoint: 'http://127.0.0.1:9' }),
    encoding: 'utf8',
    timeout: 60_000,
  });
  if (status !== 0) throw new Error(stderr);
  return Number(stdout);
}

describe('a cold start', () => {
  it.each(functionNames)('of %s loads its code in well under a second', (name) => {
    const times = Array.from({ length: tries }, () => startMs(name));
    expect(Math.min(...times)).toBeLessThan(startMsMax);
  });
});
