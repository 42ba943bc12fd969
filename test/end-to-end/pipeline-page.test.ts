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
