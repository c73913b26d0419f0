import type { FakeChat } from '../support/fake-openai.js';
import type { ModelFact, Step } from './scenario.js';

/**
 * Answers as a good model would: an extraction with those facts whose words it is shown, a decision with what they do
 * to the memories that it is shown.
 */
export function goodModel({ facts = [], skipped = [] }: NonNullable<Step['model']>): (chat: FakeChat) => object {
  return ({ purpose, user }) => (purpose === 'decision' ? decisions(facts, user) : extraction({ facts, skipped }, user));
}

function extraction({ facts, skipped }: Required<NonNullable<Step['model']>>, user: string): object {
  const shown = user.slice(user.indexOf('\nTurns:'));
  const isShown = (text: string) => shown.includes(JSON.stringify(text).slice(1, -1));
  const unsaid = { turn: 0, subject: null, entities: [], occurred_at: null, recurs: null, importance: 5, standing: false };
  return {
    facts: facts.filter(({ quote }) => isShown(quote)).map(({ updates: _updates, deletes: _deletes, ...fact }) => ({ ...unsaid, ...fact })),
    skipped: skipped.filter(({ text }) => isShown(text)),
  };
}

function decisions(facts: ModelFact[], user: string): object {
  const lines = user.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line) as Record<string, unknown>] : []));
  const numbers = new Map(lines.flatMap(({ memory, text }) => (memory === undefined ? [] : [[text, memory]])));
  const decided = lines
    .filter(({ memory, fact }) => memory === undefined && fact !== undefined)
    .map(({ fact: number, text }) => {
      const fact = facts.find((each) => each.text === text);
      const [target, replaced] = fact?.updates ?? [fact?.deletes];
      const memory = numbers.get(target) ?? null;
      const action = memory === null ? 'ADD' : replaced === undefined ? 'DELETE' : 'UPDATE';
      return { fact: number, action, memory, text: action === 'UPDATE' ? replaced : null, reason: 'as a good model sees it' };
    });
  return { decisions: decided };
}
