import type { z } from 'zod';
import { forgetAnswer, historyAnswer, recallAnswer, rememberAnswer } from '../core/answers.js';

/** What a story is told with: the tools of a running server, and a page to write on. */
export interface Teller {
  /** Calls a tool in one of two assistants; resolves with its data. Raises on an error answer. */
  call(name: string, given: Record<string, unknown>, assistant?: 'first' | 'second'): Promise<unknown>;
  /** A heading of the story. */
  scene(title: string): void;
  /** A line of the story: who speaks, and what. */
  line(who: string, what: string): void;
}

/** An answer that the story did not expect: what it says about itself would not be true. */
export class StoryError extends Error {
  constructor(expected: string, found: unknown) {
    super(`Expected ${expected}, but found ${JSON.stringify(found)}.`);
    this.name = 'StoryError';
  }
}

const facts = {
  home: 'I live in Lisbon.',
  moved: 'I live in Porto now.',
  allergy: 'My daughter Emma is allergic to peanuts.',
  code: 'The door code of the office is 4711.',
  cat: '我的猫叫豆豆，它最怕打雷。',
};

/** Tells the story and checks every answer in it; resolves with the number of memories that are live at its end. Raises StoryError. */
export async function tellStory({ call, scene, line }: Teller): Promise<number> {
  async function asked<S extends z.ZodType>(shape: S, name: string, given: Record<string, unknown>, by?: 'first' | 'second') {
    return shape.parse(await call(name, given, by));
  }

  async function remembered(given: Record<string, unknown>, expected: { event: string; id?: string }) {
    const answer = await asked(rememberAnswer, 'remember', given);
    const [result] = answer.results;
    if (!result || answer.results.length !== 1 || result.event !== expected.event || (expected.id ?? result.id) !== result.id)
      throw new StoryError(`${expected.event} of one memory`, answer);
    const previous = result.previous === undefined || result.previous === result.memory ? '' : ` (before: ${result.previous})`;
    line('keepsake', `${result.event.padEnd(7)} ${result.memory}${previous}`);
    return result;
  }

  async function recalled(query: string, expected: string | undefined, by: 'first' | 'second' = 'first') {
    line(by, query);
    const { memories } = await asked(recallAnswer, 'recall', { query }, by);
    if (memories[0]?.memory !== expected) throw new StoryError(expected ?? 'nothing', memories);
    for (const { memory, score } of memories) line('keepsake', `${memory} (score ${score})`);
    if (memories.length === 0) line('keepsake', 'nothing is remembered about this');
    return memories;
  }

  scene('An assistant remembers what you say, in your language');
  const told = new Map<string, string>();
  for (const fact of [facts.home, facts.allergy, facts.code, facts.cat]) {
    line('you', fact);
    told.set(fact, (await remembered({ content: fact }, { event: 'ADD' })).id);
  }
  const idOf = (fact: string) => told.get(fact) ?? '';

  scene('Another assistant on this machine, with a server of its own, knows it at once');
  await recalled('What is Emma allergic to?', facts.allergy, 'second');
  await recalled('我的猫叫什么名字？', facts.cat, 'second');

  scene('Said twice, it is kept once');
  line('you', 'my daughter Emma is allergic to peanuts!');
  await remembered({ content: 'my daughter Emma is allergic to peanuts!' }, { event: 'NONE', id: idOf(facts.allergy) });

  scene('What changed replaces what was');
  line('you', facts.moved);
  await remembered({ content: facts.moved }, { event: 'UPDATE', id: idOf(facts.home) });
  const homes = await recalled('Which city do I live in?', facts.moved);
  if (homes.some(({ memory }) => memory === facts.home)) throw new StoryError('Lisbon to be gone', homes);

  scene('What you no longer want known is forgotten');
  line('you', 'Forget the door code.');
  const { forgotten } = await asked(forgetAnswer, 'forget', { memory_ids: [idOf(facts.code)], reason: 'asked to' });
  if (forgotten[0]?.memory !== facts.code) throw new StoryError('the door code to be forgotten', forgotten);
  line('keepsake', `FORGOT  ${facts.code}`);
  await recalled('What is the door code of the office?', undefined);

  scene('and can be brought back');
  line('you', 'No, I still need it.');
  await remembered({ memory_id: idOf(facts.code), revision: 1 }, { event: 'RESTORE', id: idOf(facts.code) });
  await recalled('What is the door code of the office?', facts.code);

  scene('The history shows what happened, when and why');
  const { events } = await asked(historyAnswer, 'memory_history', {});
  const names = events.map(({ event }) => event).reverse();
  if (names.join(' ') !== 'ADD ADD ADD ADD UPDATE DELETE RESTORE') throw new StoryError('seven changes', names);
  for (const { at, event, memory, reason } of [...events].reverse())
    line(at.slice(11, 19), `${event.padEnd(7)} ${memory}${reason === undefined ? '' : ` (${reason})`}`);
  return told.size;
}
