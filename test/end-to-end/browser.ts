import { existsSync } from 'node:fs';
import sparticuz from '@sparticuz/chromium';
import { type Browser, chromium } from 'playwright-core';

const args = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--headless',
];

const systemPaths = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  'C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe',
];

/**
 * Starts a real Chromium without a window: `CHROME_PATH` if set, else the one inside npm's @sparticuz/chromium,
 * else one that the system has.
 *
 * @throws Error naming what was tried when none starts
 */
export async function launchBrowser(): Promise<Browser> {
  const failures: unknown[] = [];
  for await (const executablePath of candidates(failures)) {
    try {
      return await chromium.launch({ executablePath, args });
    } catch (error) {
      failures.push(error);
    }
  }
  throw new AggregateError(
    failures,
    'No Chromium starts here. Set CHROME_PATH to one, or install the libraries that npm’s @sparticuz/chromium needs (on Debian: libnss3).',
  );
}

async function* candidates(failures: unknown[]): AsyncGenerator<string> {
  const chosen = process.env['CHROME_PATH'];
  if (chosen !== undefined) yield chosen;
  if (process.platform === 'linux') {
    try {
      yield await sparticuz.executablePath();
    } catch (error) {
      failures.push(error);
    }
  }
  yield* systemPaths.filter((path) => existsSync(path));
}
