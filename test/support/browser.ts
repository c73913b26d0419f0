import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { afterAll } from 'vitest';
import { findChromium, howToInstall } from '../../scripts/chromium.mjs';

let launched: Promise<Browser> | undefined;
const contexts = new Set<BrowserContext>();

afterAll(async () => {
  await Promise.all([...contexts].map((context) => context.close()));
  await (await launched)?.close();
});

const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Starts the Chromium of this machine with a new profile, which goes with it. Raises an Error that says what to install. */
function launchBrowser(): Promise<Browser> {
  const executablePath = findChromium();
  if (executablePath === undefined) throw new Error(howToInstall());
  return chromium.launch({ executablePath, headless: true, args: flags });
}

/** A page of a browser, and what went wrong on it. */
export interface WatchedPage {
  page: Page;
  /** Errors of the console, faults of scripts, and what the Content-Security-Policy refused. */
  faults: string[];
}

/** Opens an empty page in a context of its own, in English unless said otherwise; it is closed after the file's tests. */
export async function openPage(options: BrowserContextOptions = {}): Promise<WatchedPage> {
  launched ??= launchBrowser();
  const browser = await launched;
  const context = await browser.newContext({ locale: 'en-GB', timezoneId: 'UTC', reducedMotion: 'reduce', ...options });
  contexts.add(context);
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const faults: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(message.text());
  });
  page.on('pageerror', (error) => faults.push(error.stack ?? error.message));
  return { page, faults };
}
