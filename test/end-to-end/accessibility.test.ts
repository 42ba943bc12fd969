import { createRequire } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { openPage } from './open-page.ts';
import { textbookOrders } from './orders.ts';
import { Server } from './server.ts';

const axePath = createRequire(import.meta.url).resolve('axe-core/axe.min.js');

let server: Server;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), launchBrowser()]);
  const orders = textbookOrders();
  await server.post(orders);
  await server.untilVisible(orders.length);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await server?.removeData();
});

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
  const wider = await page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
  expect(wider).toBe(0);
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
