import { describe, expect, test } from 'vitest';
import { openApp } from '../../../src/app.js';
import { readConfig } from '../../../src/config.js';
import { userSpace } from '../../../src/core/space.js';
import { silentLogger } from '../../store/chroma/fixtures.js';
import { temporaryHome } from '../../support/home.js';
import { quietEnvironment } from '../../support/server.js';
import { chineseTopics } from './life-chinese.js';
import { englishTopics } from './life-english.js';
import { type Life, makeLives } from './life-generator.js';

/** Right ones of all, and what was not right. */
interface Count {
  right: number;
  all: number;
  wrong: string[];
}

/** Tells every life to a memory of its own, one sentence a call, and looks at what is live after each. */
async function live(lives: Life[]) {
  const home = await temporaryHome();
  const app = await openApp(readConfig({ flags: {}, env: { ...quietEnvironment, KEEPSAKE_HOME: home } }), {
    logger: silentLogger,
    onlooker: true,
  });
  const count = (): Count => ({ right: 0, all: 0, wrong: [] });
  const counts = { first: count(), change: count(), ending: count(), addition: count(), bystander: count() };
  const check = (sort: keyof typeof counts, isRight: boolean, words: string) => {
    counts[sort].all += 1;
    if (isRight) counts[sort].right += 1;
    else counts[sort].wrong.push(`${sort}: ${words}`);
  };
  for (const [index, life] of lives.entries()) {
    const space = userSpace(`user ${index}`);
    const call = { id: `call-${index}`, client: 'test', signal: AbortSignal.timeout(60_000) };
    let minute = 0;
    const remember = (content: string) => {
      minute += 1;
      const at = new Date(Date.UTC(2026, 0, 1, 8, minute)).toISOString();
      const turns = [{ role: 'user' as const, content }];
      return app.keepsake.remember({ space, form: 'content', turns, infer: true, kind: 'observation', at }, call);
    };
    const texts = async () => {
      const { memories } = await app.keepsake.recall({ spaces: [space], limit: 100 }, call);
      return memories.map(({ memory }) => memory);
    };
    const expected = new Set<string>();
    for (const first of life.first) {
      await remember(first);
      const isKept = (await texts()).includes(first);
      check('first', isKept, first);
      if (isKept) expected.add(first);
    }
    for (const saying of life.later) {
      const { results, skipped } = await remember(saying.said);
      const now = await texts();
      const told = `${saying.said} -> ${JSON.stringify(results.map(({ event, memory, previous }) => ({ event, memory, previous })))} ${JSON.stringify(skipped)}`;
      if (saying.sort === 'addition') {
        check('addition', now.includes(saying.said), told);
        expected.add(saying.said);
      } else {
        expected.delete(saying.first);
        const isGone = !now.includes(saying.first);
        const said = results.flatMap(({ event, memory }) => (event === 'ADD' || event === 'UPDATE' ? [memory] : []));
        const isNew = saying.sort === 'ending' || said.some((text) => text.includes(saying.value));
        check(saying.sort, isGone && isNew, `${told} (${saying.first})`);
        for (const text of said) expected.add(text);
      }
      for (const each of [...expected]) {
        const isThere = now.includes(each);
        check('bystander', isThere, `${told} lost ${each}`);
        if (!isThere) expected.delete(each);
      }
    }
  }
  await app.close();
  return counts;
}

describe.each([
  ['English', englishTopics],
  ['Chinese', chineseTopics],
])('forty lives told in %s, sentence by sentence', (_, topics) => {
  test('first statements are kept, changes and retractions find what they speak of, and nothing else is lost', async () => {
    const lives = makeLives(topics, { users: 40, seed: 5 });
    const { first, change, ending, addition, bystander } = await live(lives);
    const rate = ({ right, all }: Count) => right / all;
    const wrong = [first, change, ending, addition, bystander].flatMap((each) => each.wrong).join('\n');
    expect(rate(first), wrong).toBeGreaterThanOrEqual(0.98);
    expect(rate(addition), wrong).toBeGreaterThanOrEqual(0.98);
    expect(rate(change), wrong).toBeGreaterThanOrEqual(0.95);
    expect(rate(ending), wrong).toBeGreaterThanOrEqual(0.95);
    expect(rate(bystander), wrong).toBeGreaterThan(0.99);
  }, 120_000);
});
