import type { App } from '../app.js';
import type { ForgetAnswer, HistoryAnswer, RecallAnswer, RememberAnswer } from '../core/answers.js';
import type { ChatModel, Space } from '../core/ports.js';
import { ownSpaces } from '../core/space.js';
import { callOf } from '../tools/call.js';
import forgetTool from '../tools/forget.js';
import historyTool from '../tools/memory-history.js';
import recallTool from '../tools/recall.js';
import rememberTool from '../tools/remember.js';
import { ownSpace, scopeOf } from '../tools/spaces.js';
import type { CallOptions, ForgetOptions, ForgetPreview } from './arguments.js';
import { createCalls, type Given } from './calls.js';
import { createChats } from './chats.js';
import { checkedOptions } from './checked-options.js';
import { flush } from './flush.js';
import type { EraseAnswer, FoundMemory, OpenKeepsake, ReflectAnswer } from './open-keepsake.js';
import { reset } from './reset.js';
import type { UsageMeter } from './usage-meter.js';

/** The parts of an open memory. */
export interface OpenedParts {
  app: App;
  meter: UsageMeter;
  /** The model that converses; undefined where there is none. */
  model: ChatModel | undefined;
  client: string;
  project: string | undefined;
  /** Spaces that were read or written, which fills as they are. */
  used: ReadonlySet<Space>;
  /** Ends what works behind the calls. */
  onClose: () => Promise<void>;
}

const listed = (ids: string | readonly string[]) => (typeof ids === 'string' ? [ids] : ids);
const isPreview = (what: string | readonly string[] | ForgetPreview): what is ForgetPreview =>
  typeof what === 'object' && !Array.isArray(what);

/** The methods over an open home. */
export function createOpened({ app, meter, model, client, project, used, onClose }: OpenedParts): OpenKeepsake {
  const calls = createCalls({ app, meter, client, project });
  const chats = createChats(app, { model, client });
  const { made, answerOf, within } = calls;
  let closing: Promise<void> | undefined;

  // What is omitted is so from the text of the tool's answer, which nobody reads here.
  const recall = (given: Given) =>
    made(given.signal, async () => {
      const { omitted: _, ...answer } = await answerOf<RecallAnswer>(recallTool, given);
      return answer;
    });
  const remember = (given: Given) => made(given.signal, () => answerOf<RememberAnswer>(rememberTool, given));
  async function find(memory_id: string, options: CallOptions): Promise<FoundMemory> {
    const checked = checkedOptions('call', options);
    return within(recallTool, options.signal, async (context) =>
      context.keepsake.find({ spaces: await scopeOf(checked, context, 'read'), memory_id }, callOf(checked, context)),
    );
  }

  async function erased(memory_ids: readonly string[], { reason, ...labels }: ForgetOptions): Promise<EraseAnswer> {
    const preview = await answerOf<ForgetAnswer>(forgetTool, { ...labels, reason, memory_ids, erase: true });
    if (preview.confirm_token === undefined) return { erased: [], not_found: preview.not_found };
    const { forgotten, not_found, same_text } = await answerOf<ForgetAnswer>(forgetTool, { ...labels, confirm: preview.confirm_token });
    const gone = { erased: forgotten.map(({ id }) => id), not_found: [...preview.not_found, ...not_found] };
    return { ...gone, ...(same_text ? { same_text } : {}) };
  }

  async function close(): Promise<void> {
    await calls.close();
    await onClose();
  }

  return {
    home: app.home.path,
    remember: (what, options = {}) => remember({ ...options, ...(typeof what === 'string' ? { content: what } : { messages: what }) }),
    correct: (memory_id, change, options = {}) => remember({ ...options, ...change, memory_id }),
    recall: (query, options = {}) => recall({ ...options, query }),
    list: (options = {}) => recall({ ...options }),
    profile: (options = {}) => recall({ ...options, profile: true }),
    get: (memory_id, options = {}) => made(options.signal, () => find(memory_id, options)),
    forget: (what, options = {}) =>
      made(options.signal, () =>
        answerOf<ForgetAnswer>(forgetTool, { ...options, ...(isPreview(what) ? what : { memory_ids: listed(what) }) }),
      ),
    restore: (memory_id, { revision, ...options } = {}) =>
      made(options.signal, async () => {
        const wanted = revision ?? (await find(memory_id, options)).revision;
        return answerOf<RememberAnswer>(rememberTool, { ...options, memory_id, revision: wanted });
      }),
    erase: (ids, options = {}) => made(options.signal, () => erased(listed(ids), options)),
    history: (memory_id, options = {}) => made(options.signal, () => answerOf<HistoryAnswer>(historyTool, { ...options, memory_id })),
    reflect: (options = {}) =>
      made(options.signal, async () => {
        const { ids } = app.core;
        const checked = checkedOptions('call', options);
        const spaces = await within(rememberTool, options.signal, (context) => scopeOf(checked, context, 'write'));
        const answer: ReflectAnswer = { spaces: [], busy: [] };
        for (const space of spaces) {
          const signal = options.signal ?? new AbortController().signal;
          const call = { id: ids.event(), client, agent_id: checked.agent_id, run_id: checked.run_id, signal };
          const reflected = await app.keepsake.reflect(space, call);
          if (reflected) answer.spaces.push(reflected);
          else answer.busy.push(space);
        }
        return answer;
      }),
    chat: (text, options = {}) =>
      made(options.signal, async () => {
        const { onPiece, ...given } = options;
        const checked = checkedOptions('chat', given);
        const named = checked.project === '.' ? (project ?? '.') : (checked.project ?? project);
        return chats.say(text, ownSpaces(checked.user_id ?? app.config.user, named), { ...checked, onPiece, signal: given.signal });
      }),
    flush: async (options = {}) => {
      const answer = await made(undefined, async () => {
        const { timeout } = checkedOptions('flush', options);
        return flush(app, used, { timeout, signal: options.signal });
      });
      return { ...answer, usage: meter.takeBackground() };
    },
    reset: (options = {}) =>
      made(options.signal, async () => {
        const checked = checkedOptions('reset', options);
        return within(forgetTool, options.signal, async (context) =>
          reset(app.core, await ownSpace(checked, context, 'write'), callOf(checked, context)),
        );
      }),
    usage: meter.total,
    close() {
      closing ??= close();
      return closing;
    },
    [Symbol.asyncDispose]() {
      closing ??= close();
      return closing;
    },
  };
}
