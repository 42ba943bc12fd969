import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { type State, states } from '../../src/contract/states.ts';
import { launchBrowser } from '../../test/end-to-end/browser.ts';
import { percentiles } from '../support/percentiles.ts';
import type { Figure, Table } from '../support/result.ts';
import type { BenchContext, Scenario } from '../support/scenario.ts';

const probe = fileURLToPath(new URL('../support/repaint-probe.js', import.meta.url));
const pages = 2;
/** What a fast typist needs for a letter. */
const letterMs = 80;
/** Between two changes: what the last one asked for has arrived. */
const restMs = 400;

/** A way to choose a state, and the event that it is measured from. */
interface Way {
  readonly title: string;
  readonly event: 'keydown' | 'click';
  choose(page: Page, state: State): Promise<void>;
}

const ways: readonly Way[] = [
  {
    title: 'Directly: a click out of nowhere, nothing fetched ahead',
    event: 'click',
    async choose(page, { code }) {
      await page.evaluate(
        `document.querySelector('[data-state="${code}"]').dispatchEvent(new MouseEvent('click', { bubbles: true }))`,
      );
    },
  },
  {
    title: 'Typed: its name, then Enter; fetched ahead while typing',
    event: 'keydown',
    async choose(page, { name }) {
      await page.keyboard.type(name, { delay: letterMs });
      await page.keyboard.press('Enter');
    },
  },
];

interface Timed {
  readonly way: Way;
  readonly repaintMs: readonly number[];
}

/** How soon the cards show another state, in a real browser on the demonstration's data, live orders included. */
export const dashboard: Scenario = {
  name: 'dashboard',
  title: 'Changing the state on the dashboard',
  async run({ demo, quick, say }) {
    say('the demonstration’s data');
    const { orders } = await demo.history();
    await using product = await demo.serve();
    const browser = await launchBrowser();
    try {
      const timed: Timed[] = [];
      for (const way of ways) {
        say(`${way.title}`);
        timed.push({ way, repaintMs: await changeStates(browser, product.url, way, quick ? 5 : 30, say) });
      }
      const notes = [`The data: ${orders.toLocaleString('en-US')} orders, with live orders arriving meanwhile.`];
      return { tables: [tableOf(timed)], figures: timed.map(figureOf), notes };
    } finally {
      await browser.close();
    }
  },
};

/** A page shows each state once, so that its cache has nothing but what was fetched ahead. */
async function changeStates(
  browser: Browser,
  url: string,
  way: Way,
  perPage: number,
  say: BenchContext['say'],
): Promise<number[]> {
  const repaintMs: number[] = [];
  for (let number = 0; number < pages; number += 1) {
    const page = await openDashboard(browser, url);
    const chosen = number === 0 ? states.slice(0, perPage) : states.slice(-perPage);
    for (const state of chosen) {
      await page.evaluate(`repaint.expect('${way.event}', '${state.code}')`);
      await way.choose(page, state);
      repaintMs.push(await page.evaluate<number>('repaint.result'));
      await sleep(restMs);
    }
    await page.context().close();
    say(`${repaintMs.length} changes`);
  }
  return repaintMs;
}

async function openDashboard(browser: Browser, url: string): Promise<Page> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  await page.addInitScript({ path: probe });
  await page.goto(url);
  await page.locator('[data-showing]').waitFor();
  await page.locator('[data-state="TX"]').waitFor();
  await page.getByRole('combobox', { name: 'State' }).focus();
  await sleep(restMs);
  return page;
}

function tableOf(timed: readonly Timed[]): Table {
  return {
    title: 'From the key press or click until the frame in which the cards show the state',
    columns: [
      { title: 'Way' },
      { title: 'Changes', unit: 'count' },
      { title: 'p50', unit: 'ms' },
      { title: 'p95', unit: 'ms' },
      { title: 'max', unit: 'ms' },
    ],
    rows: timed.map(({ way, repaintMs }) => {
      const { p50, p95, max } = percentiles(repaintMs);
      return [way.title, repaintMs.length, p50, p95, max];
    }),
  };
}

function figureOf({ way, repaintMs }: Timed): Figure {
  return {
    name: `State repainted, p95. ${way.title}`,
    value: percentiles(repaintMs).p95,
    unit: 'ms',
    better: 'lower',
    expected: 100,
  };
}
