import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { launchBrowser } from './browser.ts';
import { cardFigures, expectFigure, expectShowing, openPage } from './open-page.ts';
import { order, pepperoni, pizza, textbookOrders } from './orders.ts';
import { Server } from './server.ts';

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

describe('the figures of a state', () => {
  test('three cards with exact figures', async () => {
    await using page = await openPage(browser, `${server.url}/?state=TX`);
    expect(await page.getByRole('article').count()).toBe(3);
    expect(await cardFigures(page, 'Number 1: Pepperoni')).toEqual({
      share: '45.5%',
      pizzas: '5',
      revenue: '$75.00',
      'revenue-per-pizza': '$15.00',
      customers: '2',
    });
    expect(await cardFigures(page, 'Number 2: Half and Half')).toEqual({
      share: '27.3%',
      pizzas: '3',
      revenue: '$51.00',
      'revenue-per-pizza': '$17.00',
      customers: '1',
    });
    expect(await cardFigures(page, 'Number 3: Supreme')).toEqual({
      share: '18.2%',
      pizzas: '2',
      revenue: '$38.00',
      'revenue-per-pizza': '$19.00',
      customers: '1',
    });
    const drawn = page.getByRole('img', { name: 'Thin · pepperoni, mushroom (left half)' });
    expect(await drawn.locator('[href="#pz-mushroom"]').count()).toBeGreaterThan(2);
    await expectFigure(page, 'revenue', '$182');
    expect(await page.locator('.key-figures [data-figure="revenue"]').getAttribute('title')).toBe('$181.99');
    await expectFigure(page, 'customers', '3');
    await expectFigure(page, 'orders', '5');
  });

  test('the change against the same weekdays before', async () => {
    await using page = await openPage(browser, `${server.url}/?state=OH`);
    await expectFigure(page, 'pizzas', '3');
    await expect.poll(() => page.locator('.key-figure', { hasText: 'Pizzas' }).textContent()).toContain('+50.0%');
  });

  test('a state without sales says so and offers what has some', async () => {
    await using page = await openPage(browser, `${server.url}/?state=WY`);
    expect(await page.locator('.empty').textContent()).toContain('No pizzas were sold in Wyoming between');
    await page.locator('.empty').getByRole('button', { name: 'United States' }).click();
    await expectShowing(page, 'US');
  });

  test('dates that cannot be are explained in the server’s words', async () => {
    await using page = await openPage(browser, `${server.url}/?from=2026-02-10&to=2026-02-01`);
    const alert = page.getByRole('alert');
    expect(await alert.textContent()).toContain('must not be after');
    expect(await alert.getByRole('button', { name: 'Try again' }).isVisible()).toBe(true);
  });
});

describe('choosing', () => {
  test('a state by typing; back takes it back; reloading keeps it', async () => {
    await using page = await openPage(browser, server.url);
    await expectShowing(page, 'US');
    await page.getByRole('combobox', { name: 'State' }).focus();
    await page.keyboard.type('tex');
    await page.keyboard.press('Enter');
    await expectShowing(page, 'TX');
    expect(new URL(page.url()).search).toBe('?state=TX');
    expect(await page.title()).toBe('Texas · Slicehouse');
    await page.keyboard.type('ohio');
    await page.keyboard.press('Enter');
    await expectShowing(page, 'OH');
    await page.goBack();
    await expectShowing(page, 'TX');
    await page.goBack();
    await expectShowing(page, 'US');
    await page.goForward();
    await expectShowing(page, 'TX');
    await page.reload();
    await expectShowing(page, 'TX');
    expect(await page.getByRole('combobox', { name: 'State' }).inputValue()).toBe('Texas');
  });

  test('escape leaves the state as it was', async () => {
    await using page = await openPage(browser, `${server.url}/?state=TX`);
    const box = page.getByRole('combobox', { name: 'State' });
    await box.focus();
    await page.keyboard.type('calif');
    expect(await page.getByRole('option').allTextContents()).toEqual([expect.stringContaining('California')]);
    await page.keyboard.press('Escape');
    expect(await box.inputValue()).toBe('Texas');
    expect(await box.getAttribute('aria-expanded')).toBe('false');
    expect(new URL(page.url()).search).toBe('?state=TX');
  });

  test('a state on the map, by mouse and by keys', async () => {
    await using page = await openPage(browser, server.url);
    const map = page.getByRole('group', { name: /Map of the states/ });
    await map.getByRole('button', { name: /^Texas/ }).click();
    await expectShowing(page, 'TX');
    await map.getByRole('button', { name: /^PR, Puerto Rico/ }).click();
    await expectShowing(page, 'PR');
    expect(await map.locator('[tabindex="0"]').count()).toBe(1);
    await map.getByRole('button', { name: /^Nevada/ }).focus();
    await page.keyboard.press('ArrowLeft');
    await page.keyboard.press('Enter');
    await expectShowing(page, 'CA');
    expect(await map.getByRole('button', { name: /^California: 2 / }).getAttribute('aria-pressed')).toBe('true');
  });

  test('the figures of every state as a table, by a measure in the address', async () => {
    await using page = await openPage(browser, `${server.url}/?places=table&measure=revenue`);
    const table = page.getByRole('region', { name: 'Figures by state' });
    const names = () => table.getByRole('rowheader').allTextContents();
    expect(await names()).toEqual(['Texas', 'Ohio', 'California', 'Puerto Rico']);
    await table.getByRole('button', { name: 'Revenue per pizza' }).click();
    await expect.poll(names).toEqual(['Puerto Rico', 'Texas', 'California', 'Ohio']);
    expect(new URL(page.url()).searchParams.get('measure')).toBe('revenue-per-pizza');
  });
});

test('the mix is sorted by its columns and searched', async () => {
  await using page = await openPage(browser, `${server.url}/?state=TX`);
  const mix = page.getByRole('region', { name: 'Product mix' }).last();
  const names = async () => (await mix.locator('.mix-title').allTextContents()).join(', ');
  await expect.poll(names).toBe('Pepperoni, Half and Half, Supreme, Cheese');
  await mix.getByRole('button', { name: 'Per pizza' }).click();
  await expect.poll(names).toBe('Supreme, Half and Half, Pepperoni, Cheese');
  expect(await mix.getByRole('columnheader', { name: 'Per pizza' }).getAttribute('aria-sort')).toBe('descending');
  await mix.getByRole('button', { name: 'Per pizza' }).click();
  await expect.poll(names).toBe('Cheese, Pepperoni, Half and Half, Supreme');
  expect(new URL(page.url()).searchParams.get('sort')).toBe('revenue-per-pizza-asc');
  await page.getByRole('searchbox', { name: 'Find a combination' }).fill('mushroom');
  await expect.poll(names).toBe('Half and Half');
  const csv = await page.getByRole('link', { name: 'Download as CSV' }).last().getAttribute('href');
  const rows = (await (await fetch(`${server.url}${csv}`)).text()).trim().split('\r\n');
  expect(rows).toHaveLength(5);
});

test('orders posted while the page is open change its figures', async () => {
  await using page = await openPage(browser, `${server.url}/?state=CA`);
  await expectFigure(page, 'pizzas', '2');
  await page.getByText(/^Live ·/).waitFor();
  await server.post([order('CA', 1, [pizza('Pepperoni', 7, 1600, pepperoni)], { customer_id: 'c-9' })]);
  await expectFigure(page, 'pizzas', '9');
  await page.getByText(/^Live · \d+\.\d s behind$/).waitFor();
});

test('where there are no live events the page asks every minute', async () => {
  await using page = await openPage(browser, `${server.url}/no-events`, {}, 'body');
  const asked: string[] = [];
  page.on('request', (request) => asked.push(new URL(request.url()).pathname));
  const problem = {
    type: '/docs/errors#not_found',
    title: 'Not found',
    status: 404,
    code: 'not_found',
    detail: 'None.',
  };
  await page.route('**/v1/events', (route) =>
    route.fulfill({ status: 404, contentType: 'application/problem+json', body: JSON.stringify(problem) }),
  );
  await page.clock.install();
  await page.goto(`${server.url}/?state=NY`);
  await page.locator('.freshness[data-connection="live"]').waitFor();
  await page.clock.runFor(50_000);
  expect(asked.filter((path) => path === '/v1/events')).toHaveLength(1);
  const before = await page.locator('.key-figures [data-figure="pizzas"]').textContent();
  await server.post([order('NY', 1, [pizza('Pepperoni', 5, 1600, pepperoni)])]);
  const figure = async (): Promise<string | null> => {
    await page.clock.runFor(61_000);
    return page.locator('.key-figures [data-figure="pizzas"]').textContent();
  };
  await expect.poll(figure, { timeout: 10_000 }).toBe(String(Number(before) + 5));
  expect(await page.locator('.freshness').getAttribute('data-connection')).toBe('live');
});

test('a stopped server is said, with the age of the figures; when it is back, so is the page', async () => {
  await using page = await openPage(browser, `${server.url}/?state=TX`);
  await expectFigure(page, 'pizzas', '11');
  await page.getByText(/^Live ·/).waitFor();
  await server.stop();
  await page.getByText('Offline', { exact: true }).waitFor({ timeout: 15_000 });
  expect(await page.getByRole('alert').textContent()).toMatch(/These figures are \d+(\.\d)? s old/);
  await expectFigure(page, 'pizzas', '11');
  server = await server.restart();
  await page.getByText(/^Live ·/).waitFor({ timeout: 15_000 });
  expect(await page.getByRole('alert').count()).toBe(0);
  await server.post([order('TX', 1, [pizza('Pepperoni', 1, 1500, pepperoni)])]);
  await expectFigure(page, 'pizzas', '12');
});
