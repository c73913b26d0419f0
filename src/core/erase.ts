import type { ForgetAnswer } from './answers.js';
import { dropAttachments } from './attachments.js';
import type { Call, Core } from './core.js';
import type { Event, EventDraft, MemoryState, ReceivedInput, Turn } from './events.js';
import { defined } from './facts.js';
import { isLive, type Memory, type Projection } from './projection.js';
import { originOf } from './remember.js';
import { sentencesOf } from './sentences.js';
import type { OpenSpace } from './spaces.js';
import { statementKey } from './statement.js';

/**
 * Removes memories for good: their lines and every other line of the log that holds their words are blanked in the
 * stroke that writes the ERASE events, then their vectors go. Memories that changed since `memories` was shown are left.
 */
export async function erase(
  core: Core,
  open: OpenSpace,
  { memories, reason, call }: { memories: { id: string; revision: number }[]; reason: string | undefined; call: Call },
): Promise<ForgetAnswer> {
  const dropVectors = await core.vectors.willErase(open);
  const answer = await open.rewrite(({ projection }) => {
    const targets = memories.flatMap(({ id, revision }) => {
      const memory = projection.memories.get(id);
      return memory && memory.status !== 'erased' && memory.revision === revision ? [memory] : [];
    });
    const ids = new Set(targets.map((memory) => memory.id));
    const same = sameText(projection, targets, core.clock.now());
    let words: Words | undefined;
    return {
      answer: {
        forgotten: targets.map((memory) => ({ id: memory.id, memory: '' })),
        not_found: memories.map(({ id }) => id).filter((id) => !ids.has(id)),
        ...(same.length > 0 ? { same_text: same } : {}),
      },
      rewriting:
        targets.length === 0
          ? undefined
          : {
              events(events, place) {
                const found = wordsOf(events, ids);
                words = found;
                const erasures = targets.map((memory) =>
                  erasure(memory, reason !== undefined && holds(found, reason) ? undefined : reason),
                );
                return [...events.map((event) => blanked(event, ids, found)), ...place(originOf(call), erasures)];
              },
              drops: (line) => words !== undefined && betrays(line, ids, words),
            },
    };
  });
  if (answer.forgotten.length > 0) {
    await dropAttachments(core, open);
    await core.imports?.dropLeft();
  }
  await dropVectors(call.signal);
  return answer;
}

function erasure({ id, revision }: Memory, reason: string | undefined): EventDraft {
  return defined({ event: 'ERASE' as const, memory_id: id, revision, base: revision, reason });
}

/** What must not be found again: every wording of the memories, the words they came from, and the inputs around those. */
export interface Words {
  /** As statement keys. */
  texts: string[];
  inputs: Set<string>;
  /** Hashes of what the words were read from. */
  attachments: Set<string>;
}

/** What must not be found again of these memories, gathered from the events of a log. */
export function wordsOf(events: Iterable<Event>, ids: Set<string>): Words {
  const texts = new Set<string>();
  const inputs = new Set<string>();
  const attachments = new Set<string>();
  for (const event of events) {
    if (!('base' in event) || !ids.has(event.memory_id)) continue;
    if ('state' in event) texts.add(event.state.text);
    if (event.source?.text) texts.add(event.source.text);
    if (event.source?.input_id) inputs.add(event.source.input_id);
    if (event.source?.attachment) attachments.add(event.source.attachment);
  }
  return { texts: [...texts].map(statementKey).filter((text) => text !== ''), inputs, attachments };
}

/** Words shorter than this are only looked for as a whole: "no" stands inside of much that has nothing to do with it. */
const shortestPart = 4;

/** Whether a text contains anything that must not be found again. */
function holds({ texts }: Words, text: string): boolean {
  const key = statementKey(text);
  return texts.some((each) => (each.length < shortestPart ? key === each : key.includes(each)));
}

/** Whether a line that is no event (or of no batch that counts) may hold what must not be found again, in any spelling of JSON. */
export function betrays(line: string, ids: Set<string>, words: Words): boolean {
  if ([...ids, ...words.inputs, ...words.attachments].some((id) => line.includes(id))) return true;
  const unescaped = line
    .replace(/\\u([0-9a-f]{4})/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
    .replace(/\\[nrt]/g, ' ')
    .replace(/\\(.)/g, '$1');
  const key = statementKey(unescaped);
  return words.texts.some((text) => key.includes(text));
}

/** Whether a turn holds the words, or what they were read from. */
function isIn(words: Words, { content, attachments = [] }: Turn): boolean {
  return attachments.some(({ hash }) => words.attachments.has(hash)) || (content !== '' && holds(words, content));
}

function sameText(projection: Projection, targets: Memory[], now: number): string[] {
  const ids = new Set(targets.map((memory) => memory.id));
  const keys = new Set(targets.map((memory) => statementKey(memory.state.text)));
  return [...projection.memories.values()]
    .filter((memory) => isLive(memory, now) && !ids.has(memory.id) && keys.has(statementKey(memory.state.text)))
    .map(({ id }) => id);
}

/** The event without the words; the same object where it holds none of them, so that its line keeps its bytes. */
export function blanked(event: Event, ids: Set<string>, words: Words): Event {
  switch (event.event) {
    case 'ADD':
    case 'UPDATE':
    case 'RESTORE': {
      if (!ids.has(event.memory_id)) return withoutWords(withoutFingerprint(event, ids), words);
      const { source, reason, ...kept } = event;
      const { kind, said_at } = event.state;
      return {
        ...kept,
        state: { text: '', kind, said_at },
        ...(source ? { source: defined({ input_id: source.input_id, role: source.role, text: '' }) } : {}),
      };
    }
    case 'DELETE':
    case 'ERASE': {
      if (!ids.has(event.memory_id)) return withoutWords(event, words);
      const { source, reason, ...kept } = event;
      return kept;
    }
    case 'CONFIRM':
      return event;
    case 'RECEIVED': {
      const { input } = event;
      if (!words.inputs.has(event.event_id))
        return input.turns.some((turn) => isIn(words, turn)) ? { ...event, input: cutInput(input, words) } : event;
      const { metadata, ...rest } = input;
      return { ...event, input: { ...rest, turns: input.turns.map((turn) => ({ role: turn.role, content: '' })) } };
    }
    case 'PROCESSED': {
      if (!event.skipped?.some((part) => words.inputs.has(event.input_id) || holds(words, part.text) || holds(words, part.reason)))
        return event;
      return { ...event, skipped: event.skipped.map(() => ({ text: '', reason: 'erased' })) };
    }
    default:
      event satisfies never;
      return event;
  }
}

/** An input that the memories did not come from, without the words: whatever else it says may still wait for its model. */
function cutInput({ metadata = {}, ...input }: ReceivedInput, words: Words): ReceivedInput {
  const labels = Object.entries(metadata).filter((label) => !label.some((each) => holds(words, String(each))));
  return {
    ...input,
    turns: input.turns.map((turn) => (isIn(words, turn) ? cutTurn(turn, words) : turn)),
    ...(labels.length > 0 ? { metadata: Object.fromEntries(labels) } : {}),
  };
}

function cutTurn({ name, attachments = [], ...turn }: Turn, words: Words): Turn {
  const left = attachments.filter(({ hash }) => !words.attachments.has(hash));
  // Without its speaker nothing of a turn is true any more.
  const isNamed = name !== undefined && holds(words, name);
  return defined({
    ...turn,
    name: isNamed ? undefined : name,
    content: isNamed ? '' : withoutSentences(turn.content, words),
    attachments: left.length > 0 && !isNamed ? left : undefined,
    erased: true as const,
  });
}

/** A text without the sentences that hold the words; these may reach over several. */
function withoutSentences(text: string, words: Words): string {
  const sentences = sentencesOf(text).filter((sentence) => !holds(words, sentence));
  while (holds(words, sentences.join(''))) {
    const end = firstWith(sentences.length, (count) => holds(words, sentences.slice(0, count).join('')));
    const length = firstWith(end, (count) => holds(words, sentences.slice(end - count, end).join('')));
    sentences.splice(end - length, length);
  }
  return sentences.join('').trim();
}

/** The smallest number from 1 for which it holds, where it holds for `most` and from one number on for all. */
function firstWith(most: number, isEnough: (count: number) => boolean): number {
  let [low, high] = [1, most];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (isEnough(middle)) high = middle;
    else low = middle + 1;
  }
  return high;
}

/** An insight that was derived from such a memory keeps no hash of its words, either. */
function withoutFingerprint<E extends Extract<Event, { state: MemoryState }>>(event: E, ids: Set<string>): E {
  const { source_fingerprint, ...state } = event.state;
  return source_fingerprint !== undefined && state.sources?.some((id) => ids.has(id)) ? { ...event, state } : event;
}

function withoutWords<E extends Extract<Event, { base: number }>>(event: E, words: Words): E {
  const inSource = event.source?.text !== undefined && holds(words, event.source.text);
  const inReason = event.reason !== undefined && holds(words, event.reason);
  if (!inSource && !inReason) return event;
  const copy = { ...event };
  if (inSource && event.source) copy.source = { ...event.source, text: '' };
  if (inReason) delete copy.reason;
  return copy;
}
