import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { temporaryHome } from '../support/home.js';
import { expectTexts, goTo, openDashboard, type StoryServer, serveHome, settled, startStory } from './dashboard.js';

let story: StoryServer;
let page: Page;
let faults: string[];

beforeAll(async () => {
  story = await startStory();
  ({ page, faults } = await openDashboard(story.server));
});

beforeEach(() => {
  faults.length = 0;
});

/** Asks for something in the search field. */
async function search(words: string): Promise<void> {
  await page.getByRole('searchbox', { name: 'Look for' }).fill(words);
  await page.getByRole('button', { name: 'Search' }).click();
  await page
    .getByText(/memor(y|ies) found|Nothing is remembered/)
    .first()
    .waitFor();
  await settled(page);
}

/** Remembers something, and gives its id. */
async function remembered(content: string): Promise<string> {
  const response = await fetch(`${story.server.url}/api/remember`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ content, infer: false }),
  });
  const { results } = (await response.json()) as { results: { id: string }[] };
  return results[0]?.id ?? '';
}

const button = (name: string) => page.getByRole('button', { name, exact: true });
const words = () => page.locator('.memory-words').innerText();

describe('looking', () => {
  it('shows first what is pinned and what is new, and leads to all of it', async () => {
    await goTo(page, 'search');
    expect(await page.locator('main h2').allInnerTexts()).toEqual(['Pinned', 'Latest']);
    await page.getByRole('link', { name: 'All memories' }).click();
    await page.getByRole('heading', { level: 1, name: 'Memories' }).waitFor();
  });

  it('finds what a question asks for, and says in words how each hit came to its place', async () => {
    await goTo(page, 'search');
    await search('Where does my sister live?');
    const [first] = await page.locator('main .card h3.card-text').allInnerTexts();
    expect(first).toBe('My sister Ana lives in Porto and teaches the cello.');
    const why = page.locator('.why').first();
    await why.locator('summary').click();
    await why.getByRole('rowheader', { name: 'Its words' }).waitFor();
    expect(await why.getByRole('row', { name: /Its words.*no\. 1 0\.\d\d/ }).count()).toBe(1);
    expect(await why.getByRole('row', { name: /All together 0\.\d\d/ }).count()).toBe(1);
  });

  it('says what to do where nothing is found', async () => {
    await goTo(page, 'search');
    await search('quantum chromodynamics');
    expect(await page.getByRole('link', { name: 'Look through all memories' }).count()).toBe(1);
  });

  it('answers as of a day with what was believed then', async () => {
    const day = new Date(Date.now() - 700 * 86_400_000).toISOString().slice(0, 10);
    await goTo(page, 'search?q=Where+do+I+live');
    await page.getByLabel('As of a day').fill(day);
    await page.getByText('As it was believed on').waitFor();
    await settled(page);
    const texts = await page.locator('main .card h3.card-text').allInnerTexts();
    expect(texts[0]).toContain('I live in Lisbon');
  });

  it('takes a day that is typed, along with words that were not searched for yet', async () => {
    for (const [place, label, name] of [
      ['search?q=tea', 'As of a day', 'as_of'],
      ['memories?agent=nobody', 'From', 'since'],
    ] as const) {
      await goTo(page, place);
      if (name === 'as_of') await page.getByRole('searchbox', { name: 'Look for' }).fill('jasmine tea');
      const day = page.getByLabel(label, { exact: true });
      await day.focus();
      await day.pressSequentially('03032025');
      await expect.poll(() => page.url()).toContain(`${name}=2025-03-03`);
      expect(await day.inputValue()).toBe('2025-03-03');
      expect(await page.evaluate('document.activeElement.type')).toBe('date');
      await settled(page);
    }
  });

  it('keeps what is typed before the browser tells of the address that was left behind', async () => {
    await goTo(page, 'memories?agent=nobody');
    await page.getByLabel('About').waitFor();
    const typed = await page.evaluate<string>(`(async () => {
      const field = [...document.querySelectorAll('.field')].find((each) => each.textContent === 'About').querySelector('input');
      const type = (text) => {
        field.value = text;
        field.dispatchEvent(new Event('input'));
      };
      const told = new Promise((resolve) => addEventListener('hashchange', ({ isTrusted }) => isTrusted && setTimeout(resolve)));
      type('To');
      field.dispatchEvent(new Event('change'));
      await null;
      type('Tom');
      await told;
      return field.value;
    })()`);
    expect(typed).toBe('Tom');
    await settled(page);
  });

  it('leaves the person in the search field, and the field follows the address', async () => {
    await goTo(page, 'search');
    const field = page.getByRole('searchbox', { name: 'Look for' });
    await field.pressSequentially('jasmine');
    await field.press('Enter');
    await page
      .getByText(/memor(y|ies) found/)
      .first()
      .waitFor();
    await page.keyboard.type(' tea');
    expect(await field.inputValue()).toBe('jasmine tea');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.url()).toContain('q=jasmine+tea');
    await page.goBack();
    await expect.poll(() => field.inputValue()).toBe('jasmine');
  });

  it('narrows the list by kind, subject, pin, agent, month and time, each in the address', async () => {
    await goTo(page, 'memories');
    await page.locator('.filter-box summary').click();
    await page.getByLabel('Kind').selectOption({ label: 'How-to' });
    await expectTexts(page, ['To print a chart: scale it to 1:50,000, use the heavy paper, and dry it flat for a day.']);
    expect(page.url()).toContain('kind=procedure');
    await button('Clear filters').click();
    await page.getByLabel('About').fill('Tomás');
    await page.getByLabel('About').press('Enter');
    await expect.poll(() => page.locator('.count').innerText()).toBe('3 memories');
    await button('Clear filters').click();
    await page.getByLabel('Pinned only').check();
    await expectTexts(page, ['Never suggest restaurants with loud music.', 'Ana is allergic to walnuts.', 'Call me Mei.']);
    const until = new Date(Date.now() - 600 * 86_400_000).toISOString().slice(0, 10);
    await page.getByLabel('To', { exact: true }).fill(until);
    await expectTexts(page, ['Ana is allergic to walnuts.', 'Call me Mei.']);
    await page.getByLabel('Agent').fill('nobody');
    await page.getByLabel('Agent').press('Enter');
    await page.getByText('No memory passes these filters.').waitFor();
  });

  it('gives long lists by pages, and moves the focus to what came', async () => {
    await goTo(page, 'memories');
    expect(await page.locator('main .card').count()).toBe(25);
    await button('Show more').click();
    await expect.poll(() => page.locator('main .card').count()).toBeGreaterThan(25);
    const focused = await page.evaluate("document.querySelectorAll('main .list > li')[25].contains(document.activeElement)");
    expect(focused).toBe(true);
  });

  it('shows the memory of a project once it is chosen, and keeps to it', async () => {
    await goTo(page, 'memories');
    await page.getByLabel('Whose memory').selectOption('project:map-catalogue');
    await expectTexts(page, [
      'Tests run with cargo nextest; the slow ones are marked and run at night.',
      'The API of the catalogue answers in JSON, with dates as ISO 8601.',
    ]);
    await page.getByRole('link', { name: 'Picture' }).click();
    await page.getByText('2 memories held').waitFor();
    await page.getByLabel('Whose memory').selectOption('own');
  });
});

describe('one memory', () => {
  it('shows its revisions with what changed in them, the words it came from, and through which client', async () => {
    await goTo(page, `memory/${story.ids.home}`);
    expect(await words()).toBe('I live in Porto, in a house with a garden two streets from the sea.');
    const entries = page.locator('.timeline > li');
    expect(await entries.locator('h3').allInnerTexts()).toEqual([
      expect.stringContaining('Revision 3'),
      expect.stringContaining('Revision 2'),
      expect.stringContaining('Revision 1'),
    ]);
    expect(await entries.nth(0).locator('del').allInnerTexts()).toEqual(expect.arrayContaining([expect.stringContaining('near')]));
    expect(await entries.nth(0).locator('ins').allInnerTexts()).toEqual(expect.arrayContaining([expect.stringContaining('streets')]));
    expect(await entries.nth(0).innerText()).toContain('cursor');
    expect(await entries.nth(2).innerText()).toContain('claude-desktop');
  });

  it('is corrected, and keeps the words before', async () => {
    const id = await remembered('The library opens at nine.');
    await goTo(page, `memory/${id}`);
    await button('Correct').click();
    await page.getByLabel('What is true').fill('The library opens at ten.');
    await button('Save').click();
    await expect.poll(words).toBe('The library opens at ten.');
    expect(await page.locator('.toast').innerText()).toBe('Corrected.');
    expect(await page.locator('.timeline del').innerText()).toContain('nine');
  });

  it('is pinned and unpinned', async () => {
    const id = await remembered('The blue bicycle is mine.');
    await goTo(page, `memory/${id}`);
    await button('Pin').click();
    await button('Unpin').click();
    await button('Pin').waitFor();
    expect(await page.locator('.toast').innerText()).toBe('Not pinned any more.');
    const changes = page.locator('.timeline-update');
    expect(await changes.getByText('The words stayed; something beside them changed').count()).toBe(2);
    expect(await page.getByRole('button', { name: 'Bring back these words' }).count()).toBe(0);
  });

  it('is forgotten with a reason, listed among the forgotten, and brought back', async () => {
    const id = await remembered('The spare key lies under the fern.');
    await goTo(page, `memory/${id}`);
    await button('Forget').click();
    await page.getByLabel('Why?').fill('the fern is gone');
    await page.getByRole('dialog').getByRole('button', { name: 'Forget' }).click();
    await page.getByText('Forgotten. Assistants do not see it any more').waitFor();
    expect(await page.locator('.timeline > li').first().innerText()).toContain('the fern is gone');
    await goTo(page, 'memories?show=forgotten');
    await expectTexts(page, ['The spare key lies under the fern.', 'The door code of the workshop is 4711.']);
    await page.getByRole('link', { name: 'The spare key lies under the fern.' }).click();
    await button('Bring it back').click();
    await button('Correct').waitFor();
    await goTo(page, 'memories?show=forgotten');
    await expectTexts(page, ['The door code of the workshop is 4711.']);
  });

  it('goes back to an earlier revision', async () => {
    await goTo(page, `memory/${story.ids.tea}`);
    await page.getByRole('button', { name: 'Bring back these words Revision 1' }).click();
    await expect.poll(words).toBe('My favourite tea is jasmine, without sugar.');
    expect(await page.locator('.timeline > li h3').first().innerText()).toContain('Brought back');
  });

  it('is erased for good only at the second step', async () => {
    const id = await remembered('My first tortoise was called Zwiebelkuchen.');
    const inLogs = async () => {
      const folder = join(story.server.home, 'history');
      const logs = await Promise.all(
        (await readdir(folder)).filter((name) => name.endsWith('.jsonl')).map((name) => readFile(join(folder, name), 'utf8')),
      );
      return logs.some((log) => log.includes('Zwiebelkuchen'));
    };
    await goTo(page, `memory/${id}`);
    await button('Erase for good…').click();
    const dialog = page.getByRole('dialog');
    await dialog.getByText('Nobody can bring it back').waitFor();
    for (const name of ['Correct', 'Pin', 'Forget', 'Erase for good…']) expect(await button(name).isDisabled()).toBe(true);
    expect(await inLogs()).toBe(true);
    await dialog.getByRole('button', { name: 'Yes, erase it' }).click();
    await page.getByText('Erased for good. Its text is gone').waitFor();
    expect(await page.locator('main').innerText()).not.toContain('Zwiebelkuchen');
    expect(await inLogs()).toBe(false);
  });

  it('whose words are HTML shows them as words, and runs nothing', async () => {
    const text = '<img src=x onerror="document.title=1"><script>alert(1)</script>';
    const id = await remembered(`${text} is a mark of HTML.`);
    for (const place of [`memory/${id}`, 'memories', 'activity']) {
      await goTo(page, place);
      await page.getByText(text).first().waitFor();
      expect(await page.locator('main img, main script').count()).toBe(0);
    }
    expect(faults).toEqual([]);
  });

  it('whose words run from right to left are shown so, and turn nothing around them', async () => {
    const id = await remembered('אני גר בתל אביב. \u202Eboat');
    for (const [place, holder] of [
      [`memory/${id}`, '.memory-words'],
      ['memories', '.card .memory-text'],
      ['activity', '.entry .memory-text'],
    ] as const) {
      await goTo(page, place);
      expect(await page.evaluate(`getComputedStyle(document.querySelector('${holder}')).unicodeBidi`)).toBe('plaintext');
    }
  });

  it('that does not exist is said to be missing, and what to do', async () => {
    await goTo(page, 'memory/nothing');
    await page.getByRole('alert').getByText('There is no such memory here').waitFor();
  });
});

describe('a life that is too long to be shown', () => {
  it('is shown from its beginning, and that is said', async () => {
    const id = await remembered('The kettle whistles in F sharp.');
    const { page: own } = await openDashboard(story.server);
    await own.route('**/api/memory_history', async (route) => {
      const { cursor: _, ...request } = route.request().postDataJSON() as Record<string, unknown>;
      const answer = await route.fetch({ postData: request });
      await route.fulfill({ json: { ...((await answer.json()) as object), next_cursor: 'more' } });
    });
    await goTo(own, `memory/${id}`);
    await own.getByText('these are its first 10 events').waitFor();
    expect(await own.locator('.memory-words').innerText()).toBe('The kettle whistles in F sharp.');
    await own.getByRole('button', { name: 'Correct' }).waitFor();
  });
});

describe('the other pages', () => {
  it('say what is wrong with a date that an address makes up', async () => {
    for (const place of ['memories?as_of=2026-99-99', 'search?q=tea&as_of=soon', 'memories?month=2026-13']) {
      await goTo(page, place);
      await page.getByRole('alert').getByText('Look at dates and filters').waitFor();
    }
    faults.length = 0;
  });

  it('that are about everything say so, in the place of the choice of a memory', async () => {
    for (const place of ['activity', 'health']) {
      await goTo(page, place);
      await page.getByText('This page is about all that is open to you').waitFor();
      expect(await page.getByLabel('Whose memory').count()).toBe(0);
    }
    await goTo(page, 'picture?in=all');
    await page.getByText('one memory at a time').waitFor();
    await page.getByLabel('Whose memory').waitFor();
  });

  it('show which client read and wrote what', async () => {
    await goTo(page, 'activity');
    const read = page.locator('.entry-read', { hasText: 'cursor' }).first();
    await read.waitFor();
    expect(await read.innerText()).toContain('Recalled');
    const forgotten = page.locator('.entry-change', { hasText: 'Forgotten' }).filter({ hasText: 'cursor' });
    const call = await forgotten.locator('.call-id').innerText();
    await forgotten.getByRole('link').click();
    await page.locator('.timeline-delete .call-id').getByText(call, { exact: true }).waitFor();
    expect(await page.locator('.tabs [aria-current]').innerText()).toBe('Memories');
    await expect.poll(words).toBe('The door code of the workshop is 4711.');
  });

  it('draw the memory over time and by subject, with a table, and lead to the list', async () => {
    await goTo(page, 'picture');
    expect(await page.locator('.bars a').count()).toBeGreaterThanOrEqual(24);
    const cut = await page.evaluate<number>(`(() => {
      const { left } = document.querySelector('.bars').getBoundingClientRect();
      const months = [...document.querySelectorAll('.bars a')].map((month) => month.getBoundingClientRect());
      return Math.min(...months.map((month) => Math.abs(month.left - left)));
    })()`);
    expect(cut).toBeLessThan(4);
    await page.getByText('As a table').click();
    expect(await page.locator('.months table tbody tr').count()).toBe(await page.locator('.bars a').count());
    await page.getByRole('link', { name: 'Tomás' }).first().click();
    await expect.poll(() => page.locator('.count').innerText()).toBe('3 memories');
    await goTo(page, 'picture');
    const month = page.locator('.bars a', { has: page.locator('.added') }).first();
    const label = await month.locator('.hidden').innerText();
    const added = Number(/Remembered (\d+)/.exec(label)?.[1]);
    await month.click();
    await expect.poll(() => page.locator('.count').innerText()).toBe(`${added} memories`);
  });

  it('show each insight with the memories it was derived from', async () => {
    await goTo(page, 'insights');
    const card = page.locator('.card', { hasText: 'Mei plans her year' });
    await card.getByRole('link', { name: 'My sister Ana lives in Porto and teaches the cello.' }).click();
    await expect.poll(words).toBe('My sister Ana lives in Porto and teaches the cello.');
  });

  it('show the ids of memories that an insight was derived from, where their words cannot be had', async () => {
    await page.route('**/api/recall', async (route) => {
      const { filters } = route.request().postDataJSON() as { filters: { id?: object } };
      await (filters.id ? route.fulfill({ status: 503, json: {} }) : route.continue());
    });
    await goTo(page, 'insights');
    const sources = page.locator('.sources').first();
    await sources.getByRole('alert').waitFor();
    for (const shown of await sources.getByRole('listitem').allInnerTexts()) expect(shown).toMatch(/^[0-9a-z]{14}$/);
    await page.unrouteAll();
    await sources.getByRole('button', { name: 'Try again' }).click();
    await sources.getByRole('alert').waitFor({ state: 'detached' });
    faults.length = 0;
  });

  it('that do not exist are said to be missing', async () => {
    await goTo(page, 'bogus');
    await page.getByRole('heading', { level: 1, name: 'There is no such page' }).waitFor();
    expect(await page.locator('.tabs [aria-current]').count()).toBe(0);
  });

  it('say how often a dated memory comes round', async () => {
    await fetch(`${story.server.url}/api/remember`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ content: 'My birthday is on March 3.' }),
    });
    await goTo(page, 'memories');
    const card = page.locator('.card', { hasText: 'birthday is on March 3' });
    expect(await card.locator('.facts').first().innerText()).toContain('every year');
  });

  it('say how the server fares', async () => {
    await goTo(page, 'health');
    await page.getByText('All is well.').waitFor();
    expect(await page.getByRole('row', { name: /Person: mei/ }).count()).toBe(1);
  });

  it('speak Chinese, by the browser or by choice, and keep the choice', async () => {
    const chinese = await openDashboard(story.server, { locale: 'zh-CN', at: 'memories' });
    expect(await chinese.page.locator('h1').innerText()).toBe('记忆');
    expect(await chinese.page.locator('html').getAttribute('lang')).toBe('zh-CN');
    await goTo(chinese.page, `memory/${story.ids.home}`);
    expect(await chinese.page.locator('.origin [lang=en]').allInnerTexts()).not.toContain('corrected by id');
    expect(await chinese.page.locator('.origin').first().innerText()).toContain('按编号更正');
    expect(await chinese.page.locator('.timeline').innerText()).toMatch(/第 2 版[\s\S]*\d{4}年\d+月\d+日/);
    await chinese.page.locator('.settings summary').click();
    await chinese.page.getByLabel('语言').selectOption('en');
    await chinese.page.reload();
    await chinese.page.getByRole('heading', { level: 1, name: 'Memory' }).waitFor();
    expect(chinese.faults).toEqual([]);
  });

  it('change their colours by choice, and keep the choice', async () => {
    const { page: own } = await openDashboard(story.server, { colorScheme: 'light' });
    const ground = () => own.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
    const light = await ground();
    await own.locator('.settings summary').click();
    await own.getByLabel('Colours').selectOption('dark');
    await expect.poll(ground).not.toBe(light);
    const dark = await ground();
    await own.reload();
    await settled(own);
    expect(await ground()).toBe(dark);
  });

  it('tell a newcomer what to do', async () => {
    const { page: own, faults: found } = await openDashboard(await serveHome(await temporaryHome()));
    await own.getByText('keepsake-mcp remember').waitFor();
    for (const place of ['memories', 'picture', 'insights', 'activity', 'memories?show=forgotten', 'health']) await goTo(own, place);
    expect(found).toEqual([]);
  });

  it('say what to do when the server is gone, and go on when it is back', async () => {
    const server = await serveHome(await temporaryHome());
    const { page: own } = await openDashboard(server);
    const back = await own.context().newCDPSession(own);
    await back.send('Network.emulateNetworkConditions', { offline: true, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
    await own.getByRole('link', { name: 'Health' }).click();
    await own.getByText('The server does not answer.').waitFor();
    await back.send('Network.emulateNetworkConditions', { offline: false, latency: 0, downloadThroughput: -1, uploadThroughput: -1 });
    await own.getByRole('button', { name: 'Try again' }).click();
    await own.getByText('All is well.').waitFor();
  });
});
