import { beforeAll, describe, expect, it } from 'vitest';
import { fillHome } from '../../scripts/story-home.mjs';
import { runCommand } from '../cli/run.js';
import { openPage } from '../support/browser.js';
import { temporaryHome } from '../support/home.js';
import type { StartedHttpServer } from '../support/http.js';
import { until } from '../support/server.js';
import { goTo, serveHome, settled } from './dashboard.js';

let server: StartedHttpServer;
let ids: Record<string, string>;
const tokens = { whole: '', reader: '', stranger: '' };

beforeAll(async () => {
  const home = await temporaryHome();
  ids = await fillHome(home);
  const add = async (...args: string[]) => (await runCommand(['token', 'add', ...args], { KEEPSAKE_HOME: home })).stdout.trim();
  tokens.whole = await add('--user', 'mei');
  tokens.reader = await add('--user', 'mei', '--scopes', 'memory:read');
  tokens.stranger = await add('--user', 'noor');
  server = await serveHome(home);
});

describe('where the server wants a token', () => {
  it('the page asks for it, refuses a wrong one in words, and takes the right one', async () => {
    const { page } = await openPage();
    await page.goto(server.url);
    await page.getByLabel('Token').fill('keepsake_wrong');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('alert').getByText('does not know this token').waitFor();
    await page.getByLabel('Token').fill(tokens.whole);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'What is remembered?' }).waitFor();
  });

  it('a token that no request can carry is refused like one that is wrong', async () => {
    const { page } = await openPage();
    await page.goto(`${server.url}/#token=${encodeURIComponent('keepsake_…')}`);
    await page.getByRole('alert').getByText('does not know this token').waitFor();
    await page.getByLabel('Token').fill(tokens.whole);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { level: 1, name: 'What is remembered?' }).waitFor();
  });

  it('a token in the fragment signs in and is gone from the address at once; the tab keeps it until it signs out', async () => {
    const { page, faults } = await openPage();
    await page.goto(`${server.url}/#token=${tokens.whole}`);
    await page.getByRole('heading', { level: 1, name: 'What is remembered?' }).waitFor();
    expect(page.url()).not.toContain(tokens.whole);
    await page.reload();
    await page.getByRole('heading', { level: 1, name: 'What is remembered?' }).waitFor();
    await settled(page);
    expect(faults).toEqual([]);
    await page.locator('.settings summary').click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
    expect(await page.evaluate('JSON.stringify({ ...sessionStorage, ...localStorage })')).not.toContain(tokens.whole);
  });

  it('a token that may only read is shown no actions, and is told why', async () => {
    const { page } = await openPage();
    await page.goto(`${server.url}/#token=${tokens.reader}`);
    await page.locator('h1').waitFor();
    await goTo(page, `memory/${ids.home}`);
    await page.getByText('Your token may only look').waitFor();
    expect(await page.locator('main').getByRole('button').count()).toBe(0);
  });

  it("another person's memory is refused, with what to do", async () => {
    const { page } = await openPage();
    await page.goto(`${server.url}/#token=${tokens.stranger}`);
    await page.locator('h1').waitFor();
    await page.getByText('Nothing is remembered here yet').waitFor();
    await goTo(page, 'memories?in=user%3Amei');
    await page.getByRole('alert').getByText('This memory is not open to you').waitFor();
    await goTo(page, `memory/${ids.home}?of=user%3Amei`);
    await page.getByRole('alert').getByText('This memory is not open to you').waitFor();
    expect(await page.locator('main').innerText()).not.toContain('Porto');
  });

  it('a token that was revoked meanwhile leads back to the question for one', async () => {
    const { page } = await openPage();
    const added = await runCommand(['token', 'add', '--user', 'mei'], { KEEPSAKE_HOME: server.home });
    const token = added.stdout.trim();
    await until(async () => {
      await page.goto('about:blank');
      await page.goto(`${server.url}/#token=${token}`);
      await page.locator('h1').waitFor();
      return (await page.locator('h1').innerText()) === 'What is remembered?';
    });
    await runCommand(['token', 'revoke', token.split('_')[1] ?? ''], { KEEPSAKE_HOME: server.home });
    await until(async () => {
      await page.evaluate("location.hash = location.hash.includes('health') ? '#/activity' : '#/health'");
      return (await page.getByLabel('Token').count()) === 1;
    });
  });
});
