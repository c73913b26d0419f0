#!/usr/bin/env node
// Takes pictures of every page of the dashboard, light and dark, on a desktop and a phone: node scripts/screenshots.mjs [folder]
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { build } from './build.mjs';
import { ensureChromium, howToInstall } from './chromium.mjs';
import { fillHome } from './story-home.mjs';

const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));

const pages = (ids) => ({
  start: 'search',
  search: 'search?q=Where+does+my+sister+live%3F',
  memories: 'memories',
  filters: 'memories?pinned=yes',
  forgotten: 'memories?show=forgotten',
  memory: `memory/${ids.home}`,
  picture: 'picture',
  insights: 'insights',
  activity: 'activity',
  health: 'health',
});

const looks = {
  'light-desktop': { colorScheme: 'light', viewport: { width: 1200, height: 860 }, locale: 'en-GB' },
  'dark-desktop': { colorScheme: 'dark', viewport: { width: 1200, height: 860 }, locale: 'en-GB' },
  'light-phone': { colorScheme: 'light', viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, locale: 'en-GB' },
  'dark-phone': { colorScheme: 'dark', viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, locale: 'en-GB' },
  'chinese-desktop': { colorScheme: 'light', viewport: { width: 1200, height: 860 }, locale: 'zh-CN' },
  'chinese-phone': { colorScheme: 'dark', viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, locale: 'zh-CN' },
};

/** Starts the server on a home; resolves once it says where it is. */
async function serve(home) {
  const env = { ...process.env, KEEPSAKE_HOME: home, KEEPSAKE_USER: 'mei', KEEPSAKE_STORE: 'embedded', KEEPSAKE_RATE: '10000' };
  const child = spawn(process.execPath, [program, 'serve', '--http', '--port', '0'], {
    env,
    cwd: home,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  for await (const chunk of child.stderr.setEncoding('utf8').iterator({ destroyOnReturn: false })) {
    said += chunk;
    const url = /Keepsake serves MCP at (\S+)\/mcp/.exec(said)?.[1];
    if (url) return { child, url };
  }
  throw new Error(`The server ended: ${said}`);
}

async function stop(child) {
  const ended = once(child, 'close');
  child.stderr.resume();
  child.kill('SIGTERM');
  await ended;
}

async function takeAll(browser, { url, ids, folder }) {
  for (const [look, options] of Object.entries(looks)) {
    const context = await browser.newContext({ ...options, timezoneId: 'UTC', reducedMotion: 'reduce' });
    const page = await context.newPage();
    for (const [name, place] of Object.entries(pages(ids))) {
      await page.goto('about:blank');
      await page.goto(`${url}/#/${place}`);
      await page.locator('h1').waitFor();
      await page.waitForFunction(() => !document.querySelector('.placeholder, [aria-busy="true"]'));
      if (name === 'search') await page.locator('.why summary').first().click();
      await page.mouse.move(0, 0);
      await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: name === 'memory' && look.endsWith('desktop') });
    }
    await page.goto(`${url}/#/memory/${ids.home}`);
    await page.locator('.button.danger').click();
    await page.screenshot({ path: join(folder, `erase-${look}.png`) });
    await context.close();
  }
}

const executablePath = ensureChromium();
if (!executablePath) throw new Error(howToInstall());
const folder = process.argv[2] ? resolve(process.argv[2]) : await mkdtemp(join(tmpdir(), 'keepsake-screenshots-'));
await mkdir(folder, { recursive: true });
await build({ keepStale: true });
const home = await mkdtemp(join(tmpdir(), 'keepsake-story-'));
try {
  const ids = await fillHome(home);
  const { child, url } = await serve(home);
  try {
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    await takeAll(browser, { url, ids, folder }).finally(() => browser.close());
  } finally {
    await stop(child);
  }
} finally {
  await rm(home, { recursive: true, force: true });
}
process.stdout.write(`${folder}\n`);
