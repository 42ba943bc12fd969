import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { QuarantineAnswer } from '../../src/contract/answers.ts';
import { launchBrowser } from './browser.ts';
import { openPage } from './open-page.ts';
import { textbookOrders } from './orders.ts';
import { Server } from './server.ts';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let server: Server;
let browser: Browser;
let recordPath: string;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), launchBrowser()]);
  const orders = textbookOrders();
  await server.post(orders);
  await server.untilVisible(orders.length);
  await server.refresh();
  recordPath = `/quarantine/${await quarantined({ ...orders[0], channel: 'drone' })}`;
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await server?.removeData();
});

/** Posts what cannot be taken; resolves with its id when it lies in quarantine. */
async function quarantined(body: unknown): Promise<string> {
  await fetch(`${server.url}/v1/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return vi.waitUntil(
    async () => {
      const answer = await fetch(`${server.url}/v1/quarantine`);
      return ((await answer.json()) as QuarantineAnswer).quarantine[0]?.id;
    },
    { timeout: 10_000 },
  );
}

interface AxeWindow {
  axe: { run(): Promise<{ violations: { id: string; nodes: { target: unknown; failureSummary?: string }[] }[] }> };
}

/** What axe-core finds wrong, one line a rule and place. */
async function violations(page: Page): Promise<string[]> {
  await page.evaluate('document.fonts.ready.then(() => undefined)');
  await page.addScriptTag({ path: axePath });
  return page.evaluate(async () => {
    const { violations: found } = await (globalThis as unknown as AxeWindow).axe.run();
    return found.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target} ${node.failureSummary ?? ''}`));
  });
}

/** By how many pixels the page is wider than the window. */
const wider = 'document.documentElement.scrollWidth - document.documentElement.clientWidth';
const widths = [360, 1280, 2560];
const looks = widths.flatMap((width) => [
  { width, colorScheme: 'light' as const },
  { width, colorScheme: 'dark' as const },
]);

test.each(looks)('no violation at $width px, $colorScheme', async ({ width, colorScheme }) => {
  const viewport = { width, height: 900 };
  await using page = await openPage(browser, `${server.url}/?state=TX`, { viewport, colorScheme, bypassCSP: true });
  await page.getByRole('group', { name: /Map of the states/ }).waitFor();
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(wider)).toBe(0);
});

test.each(looks)('no violation on the other pages at $width px, $colorScheme', async ({ width, colorScheme }) => {
  const options = { viewport: { width, height: 900 }, colorScheme, bypassCSP: true };
  for (const [path, ready] of [
    ['/pipeline', '.books-table [data-term]'],
    ['/quarantine', '.quarantine-table tbody a'],
    [recordPath, '.exact-text mark'],
  ] as const) {
    await using page = await openPage(browser, server.url + path, options, ready);
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate(wider)).toBe(0);
  }
});

test.each(['light', 'dark'] as const)('no violation in what opens on the other pages, %s', async (colorScheme) => {
  const options = { colorScheme, bypassCSP: true };
  await using pipeline = await openPage(browser, `${server.url}/pipeline`, options, '.books-table [data-term]');
  await pipeline.getByRole('button', { name: /^Today/ }).click();
  await pipeline.getByRole('button', { name: 'Prove it' }).click();
  await pipeline.getByText('Proved: the books balance.').waitFor({ timeout: 30_000 });
  expect(await violations(pipeline)).toEqual([]);
  await using list = await openPage(browser, `${server.url}/quarantine`, options, '.quarantine-table tbody a');
  await list.getByRole('button', { name: 'Drop this one…' }).click();
  expect(await violations(list)).toEqual([]);
  await using record = await openPage(browser, server.url + recordPath, options, '.exact-text mark');
  await record.getByRole('button', { name: 'Correct it' }).click();
  await record.getByRole('button', { name: 'Replay as corrected' }).click();
  await record.getByText('1 thing is still wrong').waitFor();
  expect(await violations(record)).toEqual([]);
});

test.each(looks)('no violation where a key is asked for at $width px, $colorScheme', async ({ width, colorScheme }) => {
  const options = { viewport: { width, height: 900 }, colorScheme, bypassCSP: true };
  await using page = await openPage(browser, `${server.url}/no-key`, options, 'body');
  await page.route('**/v1/**', (route) =>
    route.continue({ headers: { ...route.request().headers(), authorization: 'Bearer wrong' } }),
  );
  await page.goto(`${server.url}/pipeline`);
  await page.locator('.sign-in form').waitFor();
  await page.getByRole('button', { name: 'Sign in' }).click();
  expect(await violations(page)).toEqual([]);
  expect(await page.evaluate(wider)).toBe(0);
});

test.each([
  { name: 'the open list of states', path: '/?state=TX', act: (page: Page) => page.getByRole('combobox').click() },
  { name: 'the table of states', path: '/?places=table&range=7d', act: async () => undefined },
  { name: 'dates of one’s own', path: '/?from=2026-01-01&to=2026-12-31', act: async () => undefined },
  { name: 'no sales', path: '/?state=WY', act: async () => undefined },
  { name: 'an error', path: '/?from=2026-02-10&to=2026-02-01', act: async () => undefined },
  {
    name: 'a state under the focus',
    path: '/',
    act: (page: Page) => page.locator('[data-state="KS"]').focus(),
  },
])('no violation with $name', async ({ path, act }) => {
  await using page = await openPage(browser, `${server.url}${path}`, { bypassCSP: true });
  await act(page);
  expect(await violations(page)).toEqual([]);
});

test('with the keyboard alone: from the top to a sorted mix', async () => {
  await using page = await openPage(browser, `${server.url}/?state=TX`);
  await page.getByRole('group', { name: /Map of the states/ }).waitFor();
  const visited: string[] = [];
  for (let step = 0; step < 60; step += 1) {
    await page.keyboard.press('Tab');
    const name = await page.evaluate<string>(
      "document.activeElement.textContent || document.activeElement.ariaLabel || ''",
    );
    visited.push(name);
    if (name.startsWith('Revenue') && visited.includes('Combination')) break;
  }
  expect(visited[0]).toBe('Skip to the figures');
  await page.keyboard.press('Enter');
  await expect.poll(() => new URL(page.url()).searchParams.get('sort')).toBe('revenue');
});
