#!/usr/bin/env node
// Takes pictures of every page of the dashboard and of the view in chats, light and dark, on a desktop and a phone: node scripts/screenshots.mjs [folder]
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
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

/** Says on stderr what is being done; stdout is for the folder alone. */
function say(text) {
  process.stderr.write(`${text}\n`);
}

/** Says so where no font has Chinese signs, which would be boxes in every picture. Where there is no fontconfig, systems bring such fonts. */
function warnWithoutChineseFont() {
  const { status, stdout } = spawnSync('fc-list', [':lang=zh'], { encoding: 'utf8' });
  if (status === 0 && stdout.trim() === '')
    say('No font here has Chinese signs: they will be empty boxes. On Debian: apt-get install fonts-noto-cjk, then run this again.');
}

/** A chat client, as far as the view asks anything of one: it tells what recall answered, and carries calls to the server. */
const chatPage = (
  theme,
  locale,
) => `<!doctype html><title>Chat</title><meta name="viewport" content="width=device-width"><style>body { margin: 0 } iframe { border: 0; width: 100% }</style>
<iframe title="Memories" src="/view.html"></iframe><script>
const frame = document.querySelector('iframe');
const say = (message) => frame.contentWindow.postMessage({ jsonrpc: '2.0', ...message }, '*');
addEventListener('message', async ({ source, data }) => {
  if (source !== frame.contentWindow) return;
  if (data.method === 'ui/notifications/size-changed') frame.style.height = data.params.height + 'px';
  if (data.method === 'ui/notifications/initialized') {
    const given = { query: 'Where does my sister live?', limit: 3 };
    say({ method: 'ui/notifications/tool-input', params: { arguments: given } });
    say({ method: 'ui/notifications/tool-result', params: await callTool({ name: 'recall', arguments: given }) });
  }
  if (data.id === undefined) return;
  const started = { protocolVersion: '2026-01-26', hostInfo: { name: 'chat', version: '1' }, hostCapabilities: { serverTools: {} } };
  const hostContext = { theme: '${theme}', locale: '${locale}' };
  say({ id: data.id, result: data.method === 'tools/call' ? await callTool(data.params) : { ...started, hostContext } });
});
</script>`;

/** Takes pictures of the view that chat clients show: what recall answered, and one memory of it. */
async function takeChat(browser, { url, folder }) {
  const view = await readFile(new URL('../dist/web/embedded.html', import.meta.url), 'utf8');
  for (const [look, { colorScheme, locale, ...options }] of Object.entries(looks)) {
    say(`Taking pictures of the view in chats: ${look}`);
    const context = await browser.newContext({ ...options, colorScheme, locale, timezoneId: 'UTC', reducedMotion: 'reduce' });
    const page = await context.newPage();
    await page.exposeFunction('callTool', async ({ name, arguments: given }) => {
      const headers = { 'Content-Type': 'application/json' };
      const answer = await fetch(`${url}/api/${name}`, { method: 'POST', headers, body: JSON.stringify(given) });
      return { content: [], structuredContent: await answer.json() };
    });
    await page.route('**/*', (route) => {
      const body = route.request().url().endsWith('/view.html') ? view : chatPage(colorScheme, locale);
      return route.fulfill({ contentType: 'text/html', body });
    });
    await page.goto('https://chat.example/');
    const frame = page.frameLocator('iframe');
    await frame.locator('.card').first().waitFor();
    await page.screenshot({ path: join(folder, `chat-${look}.png`) });
    await frame.locator('.memory-text').first().click();
    await frame.locator('.timeline').waitFor();
    await page.screenshot({ path: join(folder, `chat-memory-${look}.png`) });
    await context.close();
  }
}

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
    say(`Taking pictures of the dashboard: ${look}`);
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
warnWithoutChineseFont();
say('Building the program');
await build({ keepStale: true });
const home = await mkdtemp(join(tmpdir(), 'keepsake-story-'));
try {
  say('Filling a home with a story');
  const ids = await fillHome(home);
  const { child, url } = await serve(home);
  try {
    const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
    try {
      await takeAll(browser, { url, ids, folder });
      await takeChat(browser, { url, folder });
    } finally {
      await browser.close();
    }
  } finally {
    await stop(child);
  }
} finally {
  await rm(home, { recursive: true, force: true });
}
process.stdout.write(`${folder}\n`);
