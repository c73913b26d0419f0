import type { RememberAnswer, RememberResult } from './answers.js';
import { named, readableIn } from './attachments.js';
import { canonical } from './canonical.js';
import type { Call, Core } from './core.js';
import type { ReceivedInput } from './events.js';
import { phrasesIn } from './facts.js';
import { hashOf } from './hash.js';
import { outcomeOf } from './outcome.js';
import { inputKey, isLive } from './projection.js';
import type { OpenSpace } from './spaces.js';
import { dateAt } from './time/instants.js';

/** What a call says of all that comes of its input. */
const givenBeside = ({ occurred_at, expires_at, pinned, metadata }: ReceivedInput) =>
  canonical({ occurred_at, expires_at, pinned, metadata });

/** The days that an input's words name, each counted from when its turn was said. */
function daysNamed({ turns, at }: ReceivedInput, zone: string): string {
  const days = turns.map(({ content, at: said = at }) =>
    phrasesIn(content, said, zone).map(({ span, recurs }) => [dateAt(span.start, zone), dateAt(span.end, zone), recurs]),
  );
  return canonical(days);
}

/** Whether two inputs of the same words say the same: "today" is another day tomorrow. */
function meansTheSame(before: ReceivedInput, now: ReceivedInput, zone: string): boolean {
  return before.kind === now.kind && givenBeside(before) === givenBeside(now) && daysNamed(before, zone) === daysNamed(now, zone);
}

/**
 * The answer to an input that was given before, word for word and in the same sense, when all that came of it still
 * stands: then no model needs to say the same again. Words that answer an earlier turn ("yes, the second one") mean
 * something else each time.
 */
export async function repeated(core: Core, open: OpenSpace, input: ReceivedInput, call: Call): Promise<RememberAnswer | undefined> {
  const readable = readableIn(core, input);
  if (!(input.infer && core.extractor.remote) && readable.length === 0) return undefined;
  const key = inputKey(input);
  const { place, run } = await open.read(({ projection }) => ({
    place: projection.inputs.get(hashOf(key)),
    run: call.run_id === undefined ? [] : (projection.runs.get(call.run_id) ?? []),
  }));
  if (place === undefined) return undefined;
  const received = (await open.events([place, ...run])).filter((event) => event.event === 'RECEIVED');
  const before = received.find((event) => event.seq === place);
  if (!before || received.some((event) => inputKey(event.input) !== key)) return undefined;
  if (!meansTheSame(before.input, input, core.zone) || before.agent_id !== call.agent_id || before.run_id !== call.run_id) return undefined;
  const outcome = await outcomeOf(open, before);
  if (!outcome) return undefined;
  // What could not be read then may be read now.
  if (readable.some((each) => outcome.processed.skipped?.some(({ text }) => text === named(each)))) return undefined;
  const last = new Map(outcome.changes.map((change) => [change.memory_id, change]));
  return open.read(({ projection }) => {
    const results: RememberResult[] = [];
    for (const [id, change] of last) {
      const memory = projection.memories.get(id);
      const live = 'state' in change;
      const stands = memory && isLive(memory, core.clock.now()) === live && (!live || change.state.text === memory.state.text);
      if (!stands) return undefined;
      if (live) results.push({ id, event: 'NONE', memory: memory.state.text, revision: memory.revision, reason: 'already known' });
    }
    return results.length > 0 ? { results, skipped: outcome.processed.skipped ?? [], pending: false } : undefined;
  });
}
