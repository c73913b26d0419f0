import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { runCommand } from '../cli/run.js';
import { openPage } from '../support/browser.js';
import { temporaryHome } from '../support/home.js';
import { goTo, openDashboard, type StoryServer, serveHome, settled, startStory } from './dashboard.js';

let story: StoryServer;
let axe = '';

beforeAll(async () => {
  story = await startStory();
  axe = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
});

/** What the checker finds serious or critical on a page as it stands. */
async function faultsOf(page: Page): Promise<string[]> {
  // By the debugger's way, which the page's policy does not concern.
  await page.evaluate(axe);
  const { violations } = (await page.evaluate('axe.run()')) as AxeResults;
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id} at ${target.join(' ')}: ${failureSummary}`));
}

const sizes = { desktop: { width: 1280, height: 900 }, phone: { width: 360, height: 740 } };
const places = () => [
  'search',
  'search?q=Where+does+my+sister+live',
  'search?q=quantum+chromodynamics',
  'memories?kind=observation&pinned=yes',
  'memories?show=forgotten',
  `memory/${story.ids.home}`,
  `memory/${story.ids.code}`,
  'memory/nothing',
  'picture',
  'insights',
  'activity',
  'health',
];

describe.each(['light', 'dark'] as const)('in %s colours', (colorScheme) => {
  it.each(['desktop', 'phone'] as const)(
    'no page has a serious fault at the size of a %s, and none is wider than it',
    async (size) => {
      const { page, faults } = await openDashboard(story.server, {
        colorScheme,
        viewport: sizes[size],
        locale: size === 'phone' ? 'zh-CN' : 'en-GB',
      });
      for (const place of places()) {
        await goTo(page, place);
        await page.evaluate("for (const details of document.querySelectorAll('main details')) details.open = true");
        expect([place, await faultsOf(page)]).toEqual([place, []]);
        expect([place, await page.evaluate('document.documentElement.scrollWidth - innerWidth')]).toEqual([
          place,
          expect.toSatisfy((over: number) => over <= 0),
        ]);
      }
      expect(faults.filter((fault) => !fault.includes('status of 4'))).toEqual([]);
    },
    120_000,
  );

  it('neither an empty home nor the question for a token has a serious fault', async () => {
    const home = await temporaryHome();
    const empty = await openDashboard(await serveHome(home), { colorScheme });
    for (const place of ['search', 'picture', 'insights', 'activity']) {
      await goTo(empty.page, place);
      expect([place, await faultsOf(empty.page)]).toEqual([place, []]);
    }
    await runCommand(['token', 'add', '--user', 'mei'], { KEEPSAKE_HOME: home });
    const closed = await openPage({ colorScheme });
    await closed.page.goto((await serveHome(home)).url);
    await closed.page.getByLabel('Token').fill('x');
    await closed.page.keyboard.press('Enter');
    await closed.page.getByRole('alert').waitFor();
    expect(await faultsOf(closed.page)).toEqual([]);
  });

  it('no dialog and no settings box has a serious fault', async () => {
    const { page } = await openDashboard(story.server, { colorScheme, at: `memory/${story.ids.work}` });
    for (const name of ['Correct', 'Forget', 'Erase for good…']) {
      await page.getByRole('button', { name, exact: true }).click();
      expect([name, await faultsOf(page)]).toEqual([name, []]);
      await page.keyboard.press('Escape');
    }
    await page.locator('.settings summary').click();
    expect(await faultsOf(page)).toEqual([]);
  });
});

describe('by keyboard alone', () => {
  const focused = (page: Page) => page.evaluate<string>("document.activeElement?.textContent?.trim() ?? ''");

  it('one can skip to the content, search, open a hit, correct it, and come back', async () => {
    const { page } = await openDashboard(story.server);
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    expect(await focused(page)).toBe('What is remembered?');
    await page.keyboard.press('Tab');
    await page.keyboard.type('half marathon');
    await page.keyboard.press('Enter');
    await page.getByText(/found/).first().waitFor();
    await settled(page);
    const wanted = 'I finished the half marathon in Évora in 1 hour 58 minutes.';
    for (let pressed = 0; pressed < 20 && (await focused(page)) !== wanted; pressed++) await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { level: 1, name: 'Memory' }).waitFor();
    await settled(page);
    expect(await focused(page)).toBe('Memory');
    await page.keyboard.press('Tab');
    expect(await focused(page)).toBe('Correct');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.evaluate('document.activeElement?.tagName')).toBe('TEXTAREA');
    await page.keyboard.press('Control+End');
    await page.keyboard.type(' In the rain.');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('.memory-words').innerText()).toBe(`${wanted} In the rain.`);
    await expect.poll(() => focused(page)).toBe('Correct');
  });

  it('a dialog keeps the focus, and Escape gives it back', async () => {
    const { page } = await openDashboard(story.server, { at: `memory/${story.ids.work}` });
    await page.getByRole('button', { name: 'Forget', exact: true }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    for (let pressed = 0; pressed < 8; pressed++) {
      await page.keyboard.press('Tab');
      // Between its last and first element the focus may rest on the browser itself, never on the page below.
      expect(await page.evaluate("document.activeElement === document.body || document.activeElement?.closest('dialog') !== null")).toBe(
        true,
      );
    }
    await page.keyboard.press('Escape');
    expect(await page.getByRole('dialog').count()).toBe(0);
    expect(await focused(page)).toBe('Forget');
  });

  it('what takes the focus shows it', async () => {
    const { page } = await openDashboard(story.server, { at: 'memories' });
    for (let pressed = 0; pressed < 14; pressed++) {
      await page.keyboard.press('Tab');
      // A hidden radio button shows its focus on the words beside it.
      const shown = await page.evaluate(`(() => {
        const element = document.activeElement;
        const shows = element.type === 'radio' ? element.nextElementSibling : element;
        return element === document.body || Number.parseFloat(getComputedStyle(shows).outlineWidth) >= 2;
      })()`);
      expect(shown).toBe(true);
    }
  });

  it('hears how many were found, and what was done', async () => {
    const { page } = await openDashboard(story.server, { at: 'search?q=half+marathon' });
    await expect.poll(() => page.locator('div.hidden[role="status"]').innerText()).toMatch(/^\d+ memor(y|ies) found$/);
  });

  it('goes through the months to the first one, with their year in sight', async () => {
    const { page } = await openDashboard(story.server, { viewport: sizes.phone, at: 'picture' });
    const inSight = (selector: string) =>
      page.evaluate<string[]>(`(() => {
        const { left, right } = document.querySelector('.bars').getBoundingClientRect();
        const shown = [...document.querySelectorAll('${selector}')].filter((element) => {
          const box = element.getBoundingClientRect();
          return box.left >= left - 1 && box.right <= right + 1;
        });
        return shown.map((element) => element.textContent);
      })()`);
    const [first = ''] = await page.locator('.year > .tick').allTextContents();
    expect(await inSight('.year > .tick')).not.toContain(first);
    expect((await inSight('.year > .tick')).length).toBeGreaterThan(0);
    await page.locator('.bars a').last().focus();
    const months = await page.locator('.bars a').count();
    for (let pressed = 1; pressed < months; pressed++) await page.keyboard.press('Shift+Tab');
    expect(await page.evaluate("document.activeElement === document.querySelector('.bars a')")).toBe(true);
    expect(await inSight('.year > .tick')).toContain(first);
  });
});
