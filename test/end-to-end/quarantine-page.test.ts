import { readFile } from 'node:fs/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { QuarantineAnswer } from '../../src/contract/answers.ts';
import type { Order } from '../../src/contract/order.ts';
import { launchBrowser } from './browser.ts';
import { openPage } from './open-page.ts';
import { order, pepperoni, pizza } from './orders.ts';
import { Server } from './server.ts';

const rows = '.quarantine-table tbody tr, .panel .empty';

let server: Server;
let browser: Browser;

beforeAll(async () => {
  browser = await launchBrowser();
});

beforeEach(async () => {
  server = await Server.start();
  return async () => {
    await server.stop();
    await server.removeData();
  };
});

afterAll(async () => {
  await browser?.close();
});

const good = (): Order => order('TX', 1, [pizza('Pepperoni', 2, 1500, pepperoni)]);

/** Posts what the server refuses, and waits until it lies in quarantine. */
async function refuse(...bodies: string[]): Promise<void> {
  const before = await list();
  for (const body of bodies) {
    const answer = await fetch(`${server.url}/v1/orders`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body,
    });
    expect(answer.status).toBeGreaterThanOrEqual(400);
  }
  await expect.poll(async () => (await list()).total, { timeout: 10_000 }).toBe(before.total + bodies.length);
}

/** Puts records from a file into quarantine as an import does. */
async function putAside(source: string, bodies: readonly (string | Buffer)[]): Promise<void> {
  const rejects = bodies.map((body, at) => ({
    origin: `orders.csv row ${at + 2}`,
    code: 'unknown_store',
    reason: 'There is no such store.',
    bytes_base64: Buffer.from(body).toString('base64'),
  }));
  const answer = await fetch(`${server.url}/v1/quarantine`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ source, rejects }),
  });
  expect(answer.status).toBe(202);
  await expect.poll(async () => (await list(`&source=${source}`)).total, { timeout: 10_000 }).toBe(bodies.length);
}

async function list(more = ''): Promise<QuarantineAnswer> {
  return (await (await fetch(`${server.url}/v1/quarantine?status=all&limit=1${more}`)).json()) as QuarantineAnswer;
}

/** Opens the page of the newest record. */
async function openRecord(): Promise<Page & AsyncDisposable> {
  const [record] = (await list()).quarantine;
  return openPage(browser, `${server.url}/quarantine/${record?.id}`, {}, '.exact-text, .panel-note');
}

describe('the list', () => {
  test('says why, and keeps its filters in the address', async () => {
    await refuse(JSON.stringify({ ...good(), lines: [] }), '{"order_id": "torn');
    await putAside('old-till', [JSON.stringify(good())]);
    await using page = await openPage(browser, `${server.url}/quarantine`, {}, rows);
    const reasons = () => page.getByRole('rowheader').getByRole('link').allTextContents();
    await expect
      .poll(async () => (await reasons()).sort())
      .toEqual(['Not a valid order', 'Not valid JSON', 'Unknown store']);
    await page.getByLabel('Reason').selectOption('malformed_json');
    await expect.poll(reasons).toEqual(['Not valid JSON']);
    expect(new URL(page.url()).search).toBe('?code=malformed_json');
    await page.goBack();
    await expect.poll(async () => (await reasons()).length).toBe(3);
    await page.getByLabel('Source').selectOption('old-till');
    await expect.poll(reasons).toEqual(['Unknown store']);
    expect(await page.getByRole('row', { name: /Unknown store/ }).textContent()).toContain('orders.csv row 2');
    await page.getByRole('button', { name: 'Dropped' }).click();
    await page.getByText('No record has this reason, source and status.').waitFor();
    await page.getByRole('button', { name: 'Show all records' }).click();
    await expect.poll(async () => (await reasons()).length).toBe(3);
    expect(new URL(page.url()).search).toBe('?status=all');
  });

  test('shows more when asked, each record once', async () => {
    await putAside(
      'old-till',
      Array.from({ length: 120 }, () => JSON.stringify(good())),
    );
    await using page = await openPage(browser, `${server.url}/quarantine`, {}, rows);
    const links = page.getByRole('rowheader').getByRole('link');
    await page.getByRole('heading', { name: '120 records' }).waitFor();
    for (const many of [50, 100, 120]) {
      await expect.poll(() => links.count()).toBe(many);
      if (many < 120) await page.getByRole('button', { name: 'Show more' }).click();
    }
    const addresses = await links.evaluateAll((all) => all.map((one) => one.getAttribute('href')));
    expect(new Set(addresses).size).toBe(120);
    expect(await page.getByRole('button', { name: 'Show more' }).count()).toBe(0);
  });

  test('with nothing in it says so', async () => {
    await using page = await openPage(browser, `${server.url}/quarantine`, {}, rows);
    expect(await page.locator('.empty').textContent()).toContain('Nothing waits here.');
  });
});

describe('a record', () => {
  test('has its exact text, with the faulty values marked, and its bytes to save', async () => {
    const written = `${JSON.stringify({ ...good(), channel: 'drone' }, null, 2)}\n  `;
    await refuse(written);
    await using page = await openRecord();
    expect(await page.title()).toBe('Not a valid order · Slicehouse');
    expect(await page.locator('.exact-text mark').textContent()).toBe('"drone"1');
    expect(await page.locator('.exact-text pre').textContent()).toBe(written.replace('"drone"', '"drone"1'));
    expect(await page.locator('.faults').textContent()).toContain('/channel must be one of delivery');
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Exact bytes' }).click(),
    ]);
    expect(await readFile(await download.path(), 'utf8')).toBe(written);
  });

  test('is corrected with the server’s help, replayed, and counts once with its own time', async () => {
    await refuse(JSON.stringify({ ...good(), channel: 'drone', lines: [pizza('Pepperoni', 0, 1500, pepperoni)] }));
    const [{ accepted_at: cameAt } = { accepted_at: '' }] = (await list()).quarantine;
    await using page = await openRecord();
    await page.getByRole('button', { name: 'Correct it' }).click();
    const editor = page.getByRole('textbox', { name: 'Corrected order, as JSON' });
    expect(await page.evaluate('getSelection().toString()')).toBe('"drone"');
    const replay = page.getByRole('button', { name: 'Replay as corrected' });
    const text = await editor.inputValue();
    await editor.fill(text.replace('{', ''));
    await page.getByText(/^Not JSON yet/).waitFor();
    expect(await replay.isDisabled()).toBe(true);
    await editor.fill(text.replace('drone', 'delivery'));
    await replay.click();
    await page.getByRole('alert').getByText('1 thing is still wrong').waitFor();
    expect(await page.locator('.faults').textContent()).toContain('/lines/0/quantity');
    await page.getByRole('button', { name: '/lines/0/quantity' }).click();
    await page.keyboard.type('3');
    await replay.click();
    await page.getByText('It counts now, with the time at which it first came.').waitFor({ timeout: 10_000 });
    await page.locator('[data-status="replayed"]').waitFor();
    await server.untilVisible(1);
    const [record] = (await list()).quarantine;
    expect(record).toMatchObject({ status: 'replayed', accepted_at: cameAt });
    expect(await page.getByRole('button', { name: 'Drop…' }).count()).toBe(0);
  });

  test('that would be taken now is replayed as it came', async () => {
    await putAside('old-till', [JSON.stringify(good())]);
    await using page = await openRecord();
    await page.getByText('Nothing any more').waitFor();
    await page.getByRole('button', { name: 'Replay as it came' }).click();
    await page.getByText('It counts now').waitFor({ timeout: 10_000 });
    await server.untilVisible(1);
  });

  test('is dropped after a question; Escape answers no and gives the focus back', async () => {
    await refuse('not JSON at all');
    await using page = await openRecord();
    const drop = page.getByRole('button', { name: 'Drop…' });
    await drop.click();
    const dialog = page.getByRole('dialog', { name: 'Drop this record?' });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    expect(await dialog.count()).toBe(0);
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Drop…');
    expect((await list()).quarantine[0]?.status).toBe('waiting');
    await drop.click();
    await dialog.getByRole('button', { name: 'Drop it' }).click();
    await page.getByText('It is dropped. It counts in no report.').waitFor({ timeout: 10_000 });
    expect((await list()).quarantine[0]?.status).toBe('dropped');
  });

  test('of bytes that are not text can be saved', async () => {
    const bytes = Buffer.from([0xff, 0xfe, 0x00, 0x7b]);
    await putAside('old-till', [bytes]);
    await using page = await openRecord();
    await page.getByText('These bytes are not text.').waitFor();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Exact bytes' }).click(),
    ]);
    expect(await readFile(await download.path())).toEqual(bytes);
  });

  test('that is not there says so', async () => {
    await using page = await openPage(browser, `${server.url}/quarantine/0000`, {}, '.failure');
    expect(await page.getByRole('alert').textContent()).toContain('There is nothing here');
  });
});

describe('a group', () => {
  test('is replayed after a question with its number; what is still wrong stays and is named', async () => {
    await putAside(
      'old-till',
      [good(), good(), { ...good(), channel: 'drone' }].map((one) => JSON.stringify(one)),
    );
    await putAside('other', [JSON.stringify(good())]);
    await using page = await openPage(browser, `${server.url}/quarantine?source=old-till`, {}, rows);
    await page.getByRole('button', { name: 'Replay these 3…' }).click();
    const dialog = page.getByRole('dialog', { name: 'Replay 3 records?' });
    expect(await dialog.textContent()).toContain('from the source old-till');
    await dialog.getByRole('button', { name: 'Replay 3' }).click();
    const outcome = page.locator('.bulk-outcome');
    await outcome.getByText('2 records replayed; 1 still cannot be taken and stay here.').waitFor({ timeout: 10_000 });
    expect(await page.evaluate('document.activeElement.className')).toBe('bulk-outcome');
    await page.getByText('What is wrong with them').click();
    expect(await outcome.textContent()).toContain('/channel must be one of');
    await page.getByRole('heading', { name: '1 record' }).waitFor({ timeout: 10_000 });
    await server.untilVisible(2);
  });

  test('is dropped after a question, and only it', async () => {
    await putAside('old-till', [JSON.stringify(good()), JSON.stringify(good())]);
    await putAside('other', [JSON.stringify(good())]);
    await using page = await openPage(browser, `${server.url}/quarantine?source=old-till`, {}, rows);
    await page.getByRole('button', { name: 'Drop these 2…' }).click();
    await page.getByRole('button', { name: 'Cancel' }).click();
    await page.getByRole('button', { name: 'Drop these 2…' }).click();
    await page.getByRole('button', { name: 'Drop 2', exact: true }).click();
    await page.getByText('2 records dropped.').waitFor({ timeout: 10_000 });
    await page.getByText('No record has this reason, source and status.').waitFor({ timeout: 10_000 });
    expect((await list()).counts).toEqual([{ code: 'unknown_store', source: 'other', waiting: 1 }]);
  });
});
