import type { BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';
import { fillHome } from '../../scripts/story-home.mjs';
import { openPage, type WatchedPage } from '../support/browser.js';
import { temporaryHome } from '../support/home.js';
import { type StartedHttpServer, startHttpServer } from '../support/http.js';
import { until } from '../support/server.js';

/** A server of a home that holds the story, and the ids of the memories that have a name in it. */
export interface StoryServer {
  server: StartedHttpServer;
  ids: Record<string, string>;
}

/** Starts a server on a new home with the story. */
export async function startStory({ args = [] as string[] } = {}): Promise<StoryServer> {
  const home = await temporaryHome();
  const ids: Record<string, string> = await fillHome(home);
  return { server: await serveHome(home, args), ids };
}

/** Starts a server on a home, as one who is called mei. */
export function serveHome(home: string, args: string[] = []): Promise<StartedHttpServer> {
  return startHttpServer({ home, args, env: { KEEPSAKE_USER: 'mei', KEEPSAKE_RATE: '10000' } });
}

/** Opens the dashboard at a place such as `memories?kind=insight`. */
export async function openDashboard(
  { url }: Pick<StartedHttpServer, 'url'>,
  { at = 'search', ...options }: BrowserContextOptions & { at?: string } = {},
): Promise<WatchedPage> {
  const watched = await openPage(options);
  await watched.page.goto(`${url}/#/${at}`);
  await settled(watched.page);
  return watched;
}

/** Waits until nothing on a page is being loaded. */
export async function settled(page: Page): Promise<void> {
  await page.locator('h1').waitFor();
  await until(async () => (await page.locator('.placeholder, [aria-busy="true"]').count()) === 0);
}

/** Opens another place of the dashboard. */
export async function goTo(page: Page, place: string): Promise<void> {
  const address = JSON.stringify(`#/${place}`);
  await page.evaluate(`new Promise((resolve) => {
    if (location.hash === ${address}) return resolve();
    addEventListener('hashchange', () => requestAnimationFrame(() => setTimeout(resolve)), { once: true });
    location.hash = ${address};
  })`);
  await settled(page);
}

/** Waits for a list of a page to hold exactly these words, in this order. */
export async function expectTexts(page: Page, texts: string[]): Promise<void> {
  await expect.poll(() => page.locator('main .card h3.card-text').allInnerTexts()).toEqual(texts);
}
