import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { temporaryHome } from '../support/home.js';
import type { StartedHttpServer } from '../support/http.js';
import { expectTexts, goTo, openDashboard, serveHome, settled } from './dashboard.js';

/** Begins each answer, and ends the connection before all of it is sent. */
const breaking = createServer((_request, response) => {
  response.writeHead(200, { 'Content-Type': 'application/json', 'Content-Length': 1000 });
  response.write('{"status":', () => response.socket?.end());
});

const signInPage = '<!doctype html><title>Sign in</title>';
const text = 'The library opens at nine.';

let server: StartedHttpServer;
let page: Page;
let faults: string[];
let id = '';

beforeAll(async () => {
  server = await serveHome(await temporaryHome());
  const response = await fetch(`${server.url}/api/remember`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ content: text, infer: false }),
  });
  const { results } = (await response.json()) as { results: { id: string }[] };
  id = results[0]?.id ?? '';
  await new Promise<void>((resolve) => breaking.listen(0, '127.0.0.1', resolve));
});

afterAll(() => {
  breaking.close();
});

beforeEach(async () => {
  ({ page, faults } = await openDashboard(server, { at: 'activity' }));
});

/** Lets calls through again, and asks once more. */
async function tryAgain(): Promise<void> {
  await page.unrouteAll();
  await page.getByRole('button', { name: 'Try again' }).click();
}

describe('what is none of the answers of the server', () => {
  it.each([
    ['a page of a proxy', { status: 200, contentType: 'text/html', body: signInPage }],
    ['JSON that holds nothing', { status: 200, contentType: 'application/json', body: 'null' }],
    ['a refusal that holds nothing', { status: 503, contentType: 'application/json', body: 'null' }],
  ])('%s is said to be that, and asked for again', async (_, answer) => {
    await page.route('**/api/recall', (route) => route.fulfill(answer));
    await page.getByRole('link', { name: 'Memories' }).click();
    await page.getByRole('alert').getByText(`The server answered ${answer.status}`).waitFor();
    await tryAgain();
    await expectTexts(page, [text]);
    expect(faults.filter((fault) => !fault.includes('status of 503'))).toEqual([]);
  });

  it('an answer that breaks off is said to have failed, and asked for again', async () => {
    const url = `http://127.0.0.1:${(breaking.address() as AddressInfo).port}/`;
    await page.route('**/api/health', (route) => route.continue({ url }));
    await page.getByRole('link', { name: 'Health' }).click();
    await page.getByRole('alert').getByText('The server does not answer.').waitFor();
    await tryAgain();
    await page.getByText('All is well.').waitFor();
  });

  it('a page of a proxy in the place of a saved correction is said, and what was typed can be saved again', async () => {
    await goTo(page, `memory/${id}`);
    await page.getByRole('button', { name: 'Correct' }).click();
    await page.getByLabel('What is true').fill('The library opens at ten.');
    await page.route('**/api/remember', (route) =>
      route.fulfill({ status: 502, contentType: 'application/json', body: '<h1>Bad Gateway</h1>' }),
    );
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('dialog').getByText('The server answered 502').waitFor();
    await page.unrouteAll();
    await page.getByRole('button', { name: 'Save' }).click();
    await expect.poll(() => page.locator('.memory-words').innerText()).toBe('The library opens at ten.');
  });

  it('a page of a proxy in the place of a token leaves the question for one to the first call', async () => {
    await page.goto('about:blank');
    await page.route('**/enter', (route) => route.fulfill({ contentType: 'text/html', body: signInPage }));
    await page.goto(`${server.url}/#code=abc`);
    await settled(page);
  });
});

it('a fault of the page itself is said there and in the console, and leaves nothing waiting', async () => {
  await page.route('**/api/memory_history', (route) => route.fulfill({ json: {} }));
  await page.evaluate(`location.hash = '#/memory/${id}'`);
  await page.getByRole('alert').getByText('TypeError').waitFor();
  expect(faults).toEqual([expect.stringContaining('TypeError')]);
  await tryAgain();
  await page.locator('.memory-words').waitFor();
});
