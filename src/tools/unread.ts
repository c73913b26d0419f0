import type { ForgetAnswer, RememberAnswer } from '../core/answers.js';
import type { Principal } from '../core/principal.js';

/** Stands for words of a memory in the answer to a caller that may not read. */
const hidden = '(not shown without the scope memory:read)';

const mayRead = ({ rights }: Principal) => rights.has('memory:read');

/** What became of what a caller said, without anything that was remembered before where it may not read. */
export function readableRemember(answer: RememberAnswer, principal: Principal): RememberAnswer {
  if (mayRead(principal)) return answer;
  const { similar: _, ...rest } = answer;
  const results = answer.results.map(({ id, event, memory, revision }) => ({
    id,
    event,
    memory: event === 'ADD' ? memory : hidden,
    revision,
  }));
  return { ...rest, results };
}

/** What was or would be forgotten, without its words where the caller may not read. */
export function readableForget(answer: ForgetAnswer, principal: Principal): ForgetAnswer {
  if (mayRead(principal)) return answer;
  const without = <T extends { memory: string }>(each: T): T => ({ ...each, memory: each.memory && hidden });
  const { candidates } = answer;
  return { ...answer, forgotten: answer.forgotten.map(without), ...(candidates && { candidates: candidates.map(without) }) };
}
