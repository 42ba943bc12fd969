import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';

/** What the page of the states shows when it has its figures, or has none. */
const stateFigures = '[data-showing], .empty, .failure';

/** Opens an address in a window of its own and waits for what shows that it is ready; `close` also closes its context. */
export async function openPage(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
  ready = stateFigures,
): Promise<Page & AsyncDisposable> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  await page.goto(address);
  await page.locator(ready).first().waitFor();
  return Object.assign(page, { [Symbol.asyncDispose]: () => context.close() });
}

/** The figures of a card, by the name of its article. */
export async function cardFigures(page: Page, name: string): Promise<Record<string, string>> {
  const figures = page.getByRole('article', { name }).locator('[data-figure]');
  return Object.fromEntries(
    await figures.evaluateAll((elements) =>
      elements.map((element) => [element.getAttribute('data-figure') ?? '', element.textContent ?? '']),
    ),
  );
}

/** Waits until a key figure shows a text. */
export async function expectFigure(page: Page, name: string, text: string): Promise<void> {
  await expect
    .poll(() => page.locator(`.key-figures [data-figure="${name}"]`).textContent(), { timeout: 10_000 })
    .toBe(text);
}

/** Waits until the cards show a state's figures. */
export async function expectShowing(page: Page, state: string): Promise<void> {
  await page.locator(`[data-showing="${state}"]`).waitFor({ timeout: 10_000 });
}
