import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PipelineAnswer } from '../../src/contract/pipeline.ts';
import { launchBrowser } from './browser.ts';
import { openPage } from './open-page.ts';
import { order, pepperoni, pizza, textbookOrders } from './orders.ts';
import { Server } from './server.ts';

const ready = '.books-table [data-term]';

let server: Server;
let browser: Browser;

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), launchBrowser()]);
  const orders = textbookOrders();
  await server.post(orders);
  await server.post(orders.slice(0, 2));
  const refused = await fetch(`${server.url}/v1/orders`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(order('TX', 1, [])),
  });
  expect(refused.status).toBe(422);
  await server.untilVisible(orders.length);
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await server?.removeData();
});

async function pipeline(): Promise<PipelineAnswer> {
  return (await (await fetch(`${server.url}/v1/pipeline`)).json()) as PipelineAnswer;
}

const focused = (page: Page) => page.evaluate<string>("document.activeElement.textContent || ''");

describe('going from page to page', () => {
  test('by the bar: address, title, heading and mark follow, and back goes back', async () => {
    await using page = await openPage(browser, `${server.url}/?state=TX`);
    const scripts: string[] = [];
    page.on('request', (request) => scripts.push(new URL(request.url()).pathname));
    await page.getByRole('link', { name: 'Pipeline' }).click();
    await page.locator(ready).first().waitFor();
    expect(new URL(page.url()).pathname).toBe('/pipeline');
    expect(await page.title()).toBe('Pipeline · Slicehouse');
    expect(await page.getByRole('link', { name: 'Pipeline' }).getAttribute('aria-current')).toBe('page');
    expect(await page.getByRole('link', { name: 'States' }).getAttribute('aria-current')).toBeNull();
    expect(await focused(page)).toBe('Pipeline');
    expect(scripts.some((path) => path.startsWith('/assets/pipeline-page'))).toBe(true);
    expect(scripts).not.toContain('/');
    await page.goBack();
    await page.locator('[data-showing="TX"]').waitFor();
    expect(await page.title()).toBe('Texas · Slicehouse');
    expect(await focused(page)).toBe('Texas');
  });

  test('by keyboard on a phone', async () => {
    await using page = await openPage(browser, server.url, { viewport: { width: 360, height: 740 } });
    for (let step = 0; step < 12 && (await focused(page)) !== 'Quarantine'; step += 1) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: 'Quarantine', level: 1 }).waitFor();
    expect(new URL(page.url()).pathname).toBe('/quarantine');
    const box = await page.getByRole('navigation', { name: 'Pages' }).boundingBox();
    expect(box && box.x + box.width).toBeLessThanOrEqual(360);
  });

  test('an address that is none says so', async () => {
    const answer = await fetch(`${server.url}/no-such-page`);
    expect(answer.status).toBe(404);
  });
});

describe('the books', () => {
  test('show the identity of the day as the server has it, and say that it balances', async () => {
    await using page = await openPage(browser, `${server.url}/pipeline`, {}, ready);
    const [today] = (await pipeline()).days;
    expect(today).toMatchObject({ received: 12, loaded: 9, duplicates: 2, superseded: 0, quarantined: 1 });
    const row = page.getByRole('row', { name: /Today/ });
    expect(await row.locator('[data-term]').allTextContents()).toEqual(['12', '= 9', '+ 2', '+ 0', '+ 1', '+ 0']);
    expect(await row.getByText('Balanced').isVisible()).toBe(true);
    expect(await page.locator('.books .panel-note').textContent()).toBe(
      'Of 12 records received in these days, 9 were loaded, 2 came more than once and count once and 1 could not be taken and went to quarantine. None is missing.',
    );
  });

  test('open to sources', async () => {
    await using page = await openPage(browser, `${server.url}/pipeline`, {}, ready);
    const day = page.getByRole('button', { name: /^Today/ });
    expect(await day.getAttribute('aria-expanded')).toBe('false');
    await day.click();
    expect(await day.getAttribute('aria-expanded')).toBe('true');
    const row = page.getByRole('row', { name: /^default/ });
    expect(await row.locator('[data-term="received"]').textContent()).toBe('12');
  });

  test('are proved on request', async () => {
    await using page = await openPage(browser, `${server.url}/pipeline`, {}, ready);
    await page.getByRole('button', { name: 'Prove it' }).click();
    const status = page.locator('.prove').getByRole('status');
    await status.getByText('Proved: the books balance.').waitFor({ timeout: 30_000 });
    expect(await status.textContent()).toMatch(/12 records in \d+ segment files?/);
  });
});

describe('the refresh', () => {
  test('that has not run yet says when the first is due, and the checks that they have not run', async () => {
    await using page = await openPage(browser, `${server.url}/pipeline`, {}, ready);
    const { next_refresh } = await pipeline();
    const panel = page.getByRole('region', { name: /^The refresh/ });
    expect(await panel.locator('.panel-note').textContent()).toMatch(
      /^No refresh has run yet\. The first one is due \w{3}, .+ 2:00 AM E[SD]T\.$/,
    );
    expect(await panel.locator('time').getAttribute('datetime')).toBe(next_refresh?.at);
    expect(await page.locator('.data-checks .panel-note').textContent()).toBe('The first refresh runs them.');
    expect(await page.locator('.checks-table tbody').getByText('Not run yet').count()).toBe(14);
  });

  test('that ran shows its steps, opened and closed by keyboard, and the checks as the server has them', async () => {
    await using page = await openPage(browser, `${server.url}/pipeline`, {}, ready);
    await server.refresh();
    const { refreshes, checks } = await pipeline();
    const table = page.locator('.refresh-table');
    await table.getByRole('row').nth(2).waitFor({ timeout: 10_000 });
    expect(await table.getByRole('row').count()).toBe(2 + (refreshes[0]?.steps.length ?? 0));
    const checked = table.getByRole('row', { name: /^Data checks/ });
    expect(await checked.getByRole('cell').nth(2).textContent()).toBe('14');
    const button = table.getByRole('button');
    expect(await button.getAttribute('aria-expanded')).toBe('true');
    await button.focus();
    await page.keyboard.press('Enter');
    expect(await button.getAttribute('aria-expanded')).toBe('false');
    expect(await table.getByRole('row').count()).toBe(2);
    const rows = page.locator('.checks-table tbody').getByRole('row');
    expect(await rows.count()).toBe(checks.length);
    const first = rows.first();
    expect(await first.getAttribute('data-check')).toBe('unknown-stores');
    expect(await first.getByRole('rowheader').textContent()).toMatch(
      /^Unknown stores.+not in the list of stores: 1\.$/,
    );
    expect(await first.getByRole('cell').allTextContents()).toMatchObject([
      '1',
      'none',
      expect.stringContaining('Warned'),
      expect.stringMatching(/M$/),
    ]);
    expect(await page.locator('.data-checks .panel-note').textContent()).toContain('1 check warned, 13 passed.');
  });

  test('on a phone needs no scrolling to the side', async () => {
    await using page = await openPage(
      browser,
      `${server.url}/pipeline`,
      { viewport: { width: 360, height: 740 } },
      '.refresh-table',
    );
    for (const name of ['.refreshes', '.data-checks']) {
      const width = await page.locator(name).evaluate((panel) => panel.scrollWidth - panel.clientWidth);
      expect(width).toBe(0);
    }
    expect(await page.locator('.checks-table').getByRole('columnheader', { name: 'Allowed' }).count()).toBe(1);
  });
});

describe('a source that cannot be read', () => {
  test('is named with its table and reason, what it means, and on the page of the states', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'slicehouse-source-'));
    const write = (name: string, rows: string) => writeFile(join(folder, name), rows);
    await write('stores.csv', 'store_id,state,city\ns-1,NY,Albany\n');
    await write('customers.csv', 'customer_id,home_state\nc-1,NY\n');
    const sourced = await Server.start({ SLICEHOUSE_SOURCE_FOLDER: folder });
    try {
      await sourced.post([order('TX', 1, [pizza('Pepperoni', 1, 1500, pepperoni)])]);
      await sourced.refresh('sources');
      await sourced.untilVisible(1);
      await using page = await openPage(browser, `${sourced.url}/?state=TX`);
      expect(await page.locator('.reference-note').count()).toBe(0);
      await write('customers.csv', 'who,where\nc-1,NY\n');
      await sourced.refresh('sources');
      const note = page.locator('.reference-note');
      await note.waitFor({ timeout: 10_000 });
      expect(await note.textContent()).toMatch(
        /^Customers were last read .+ ago, and reading them failed .+M\. See the refresh$/,
      );
      await note.getByRole('link', { name: 'See the refresh' }).click();
      const table = page.locator('.refresh-table');
      const customers = table.getByRole('row', { name: /^Customers/ });
      await customers.waitFor();
      expect(await customers.textContent()).toContain('customers.csv has not the columns of customers');
      expect(await customers.textContent()).toContain('Failed');
      expect(await table.getByRole('row', { name: /^Stores(?!,)/ }).textContent()).toContain('Done');
      expect(await page.locator('.refreshes .panel-note').textContent()).toContain(
        'failed in part: stores, customers and menu.',
      );
    } finally {
      await sourced.stop();
      await sourced.removeData();
      await rm(folder, { recursive: true });
    }
  });
});

test('what arrives while the page is open is in its figures', async () => {
  await using page = await openPage(browser, `${server.url}/pipeline`, {}, ready);
  await page.getByText(/^Live ·/).waitFor();
  const chart = page.locator('.live-chart');
  expect(await chart.getAttribute('aria-label')).toContain('Nothing became visible');
  const before = (await pipeline()).days[0]?.received ?? 0;
  await server.post([order('CA', 1, [pizza('Pepperoni', 1, 1600, pepperoni)])]);
  const received = page.getByRole('row', { name: /Today/ }).locator('[data-term="received"]');
  await expect.poll(() => received.textContent(), { timeout: 10_000 }).toBe(String(before + 1));
  expect(await chart.getAttribute('aria-label')).toMatch(/orders visible after .+ at most/);
  expect(await chart.locator('rect').count()).toBeGreaterThan(0);
  const visible = page.getByRole('listitem').filter({ hasText: 'Visible' });
  expect(await visible.textContent()).toMatch(/\d+ ms|\d\.\d s/);
  expect(await page.locator('[data-figure="p50"]').textContent()).toMatch(/within \d/);
});

test('quarantine counts lead to the quarantine', async () => {
  await using page = await openPage(browser, `${server.url}/pipeline`, {}, ready);
  expect(await page.locator('[data-figure="waiting"]').textContent()).toBe('1 waiting');
  await page.getByRole('link', { name: 'See what is wrong with them' }).click();
  await page.getByRole('link', { name: 'Not a valid order' }).waitFor();
});

test('figures that cannot be fetched are said, and come when they can', async () => {
  await using page = await openPage(browser, server.url);
  await page.route('**/v1/pipeline', (route) => route.abort());
  await page.getByRole('link', { name: 'Pipeline' }).click();
  const alert = page.getByRole('alert');
  await alert.getByText('The server cannot be reached').waitFor({ timeout: 15_000 });
  await page.unroute('**/v1/pipeline');
  await alert.getByRole('button', { name: 'Try again' }).click();
  await page.locator(ready).first().waitFor();
});

test('a stopped server leaves the figures, and says how old they are', async () => {
  await using page = await openPage(browser, `${server.url}/pipeline`, {}, ready);
  await page.getByText(/^Live ·/).waitFor();
  await server.stop();
  await page.getByText('Offline', { exact: true }).waitFor({ timeout: 15_000 });
  expect(await page.getByRole('alert').first().textContent()).toMatch(/These figures are \d+(\.\d)? s old/);
  expect(await page.getByRole('row', { name: /Today/ }).isVisible()).toBe(true);
  server = await server.restart();
  await page.getByText(/^Live ·/).waitFor({ timeout: 15_000 });
});
