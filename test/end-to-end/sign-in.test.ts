import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { launchBrowser } from './browser.ts';
import { expectFigure, openPage } from './open-page.ts';
import { textbookOrders } from './orders.ts';
import { Server } from './server.ts';

const form = '.sign-in form';

let server: Server;
let browser: Browser;
let keys: { read: string; ingest: string; admin: string };

beforeAll(async () => {
  [server, browser] = await Promise.all([Server.start(), launchBrowser()]);
  const orders = textbookOrders();
  await server.post(orders);
  await server.untilVisible(orders.length);
  keys = { read: await createKey('read'), ingest: await createKey('ingest'), admin: await createKey('admin') };
  // The server sees keys of another process within a second.
  await vi.waitUntil(async () => (await fetch(`${server.url}/v1/reports`)).status === 401, { timeout: 5_000 });
});

afterAll(async () => {
  await browser?.close();
  await server?.stop();
  await server?.removeData();
});

const createKey = (role: string) => server.command('keys', 'create', '--source', 'page', '--role', role);

async function signIn(page: Page, key: string): Promise<void> {
  await page.getByLabel('Key').fill(key);
  await page.getByRole('button', { name: 'Sign in' }).click();
}

test('a key is asked for, tried, kept in the tab and nowhere else', async () => {
  await using page = await openPage(browser, `${server.url}/?state=TX`, {}, form);
  const field = page.getByLabel('Key');
  expect(await field.getAttribute('type')).toBe('password');
  expect(await page.evaluate('document.activeElement.type')).toBe('password');
  await signIn(page, 'sh_00000000_wrong');
  await page.getByRole('alert').getByText('This key is not known here').waitFor();
  await signIn(page, keys.ingest);
  await page.getByRole('alert').getByText('This key has the role ingest; read or admin is needed.').waitFor();
  const asked: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  await signIn(page, keys.read);
  await expectFigure(page, 'pizzas', '11');
  await page.getByText(/^Live ·/).waitFor();
  expect(asked.some((url) => url.endsWith('/v1/events'))).toBe(true);
  expect(asked.filter((url) => url.includes(keys.read))).toEqual([]);
  expect(new URL(page.url()).search).toBe('?state=TX');
  expect(await page.evaluate('JSON.stringify({ ...localStorage }) + document.cookie')).not.toContain('sh_');
  await page.reload();
  await expectFigure(page, 'pizzas', '11');
  await using other = await openPage(browser, server.url, {}, form);
  expect(await other.getByRole('heading', { name: 'Sign in with a key' }).isVisible()).toBe(true);
});

test('files are saved with the key', async () => {
  await using page = await openPage(browser, `${server.url}/?state=TX`, {}, form);
  await signIn(page, keys.read);
  await expectFigure(page, 'pizzas', '11');
  for (const [name, start] of [
    ['CSV', 'rank,'],
    ['Excel', 'PK'],
    ['Parquet', 'PAR1'],
  ] as const) {
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page
        .getByRole('link', { name: `Download as ${name}` })
        .last()
        .click(),
    ]);
    expect(download.suggestedFilename()).toMatch(/^product-mix\./);
    expect((await readFile(await download.path(), 'latin1')).replace('ï»¿', '').startsWith(start)).toBe(true);
  }
});

test('a key that may not do something is told which role can, and another one can be used', async () => {
  await using page = await openPage(browser, `${server.url}/quarantine`, {}, form);
  await signIn(page, keys.read);
  const alert = page.getByRole('alert');
  await alert.getByText(/^This key has the role read; .*admin is needed/).waitFor();
  await alert.getByRole('button', { name: 'Use another key' }).click();
  await signIn(page, keys.admin);
  await page.getByText('Nothing waits here.').waitFor();
});

test('only an administrator has the books proved', async () => {
  await using page = await openPage(browser, `${server.url}/pipeline`, {}, form);
  await signIn(page, keys.read);
  await page.getByRole('button', { name: 'Prove it' }).click();
  await page
    .getByRole('alert')
    .getByText(/admin is needed/)
    .waitFor();
  await page.getByRole('button', { name: 'Use another key' }).click();
  await signIn(page, keys.admin);
  await page.getByRole('button', { name: 'Prove it' }).click();
  await page.getByText('Proved: the books balance.').waitFor({ timeout: 30_000 });
});

test('signing out forgets the key and takes the figures away', async () => {
  await using page = await openPage(browser, `${server.url}/?state=TX`, {}, form);
  await signIn(page, keys.read);
  await expectFigure(page, 'pizzas', '11');
  await page.getByRole('button', { name: 'Sign out' }).click();
  await page.locator(form).waitFor();
  expect(await page.locator('.key-figures').count()).toBe(0);
  expect(await page.evaluate('JSON.stringify({ ...sessionStorage })')).not.toContain('sh_');
  await page.reload();
  await page.locator(form).waitFor();
});

test('a revoked key is told so, and a new one can be given', async () => {
  await using page = await openPage(browser, `${server.url}/pipeline`, {}, form);
  const key = await createKey('read');
  await expect.poll(() => statusWith(key), { timeout: 5_000 }).toBe(200);
  await signIn(page, key);
  await page.locator('.books-table [data-term]').first().waitFor();
  await server.command('keys', 'revoke', key.split('_')[1] ?? '');
  await page.getByText('This key is not known here; it may have been revoked.').waitFor({ timeout: 15_000 });
  await signIn(page, keys.read);
  await page.locator('.books-table [data-term]').first().waitFor();
});

async function statusWith(key: string): Promise<number> {
  return (await fetch(`${server.url}/v1/reports`, { headers: { authorization: `Bearer ${key}` } })).status;
}
