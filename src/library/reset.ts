import { dropAttachments } from '../core/attachments.js';
import type { Call, Core } from '../core/core.js';
import type { Event, EventDraft } from '../core/events.js';
import { forget } from '../core/forget.js';
import { hasWords, withoutWords } from '../core/keep-input.js';
import type { Space } from '../core/ports.js';
import { originOf } from '../core/remember.js';
import type { OpenSpace } from '../core/spaces.js';
import type { ResetAnswer } from './open-keepsake.js';

/**
 * Erases everything of a space: first what waits, so that nothing comes of it, then all memories, then the words that
 * became none.
 */
export async function reset(core: Core, space: Space, call: Call): Promise<ResetAnswer> {
  const open = core.spaces.open(space);
  const pending = await open.commit(originOf(call), ({ projection }) => {
    const drafts: EventDraft[] = [...projection.pending.keys()].map((input_id) => ({ event: 'PROCESSED', input_id }));
    return { drafts, answer: drafts.length };
  });
  const everything = { scope: [space] as const, all: true, erase: true, limit: 1 };
  const { confirm_token: confirm } = (await forget(core, everything, call)).answer;
  const erased = confirm === undefined ? undefined : (await forget(core, { ...everything, all: undefined, confirm }, call)).answer;
  const inputs = await blankAll(open);
  await dropAttachments(core, open);
  return { memories: erased?.count ?? erased?.forgotten.length ?? 0, pending, inputs };
}

/** Blanks the words of all processed inputs, whatever came of them. Resolves with how many inputs had any. */
async function blankAll(open: OpenSpace): Promise<number> {
  const blanked = await open.rewrite(({ projection }) => {
    const done = { inputs: 0 };
    const events = (all: Event[]) => {
      const wordless = all.map((event) => withoutItsWords(event, (inputId) => projection.pending.has(inputId)));
      done.inputs = wordless.filter((event, index) => event !== all[index] && event.event === 'RECEIVED').length;
      return wordless;
    };
    return { answer: done, ...(projection.position.sequence > 0 ? { rewriting: { events, drops: () => true } } : {}) };
  });
  return blanked.inputs;
}

/** What was said before its outcome was complete; the same object where nothing is, so that its line keeps its bytes. */
function withoutItsWords(event: Event, isPending: (inputId: string) => boolean): Event {
  switch (event.event) {
    case 'RECEIVED': {
      if (isPending(event.event_id) || !(hasWords(event.input) || event.input.metadata)) return event;
      const { metadata: _, ...input } = withoutWords(event.input);
      return { ...event, input };
    }
    case 'PROCESSED': {
      const { skipped, ...kept } = event;
      return skipped === undefined ? event : kept;
    }
    default:
      return event;
  }
}
