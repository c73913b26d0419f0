import { textPieces } from '../core/cut.js';
import type { Space } from '../core/ports.js';
import type { RememberRequest } from '../core/remember-request.js';
import type { ImportedConversation, ImportedMemory, ImportedMessage, Item } from './item.js';

/** One call of remember that an import is made of. The same file gives the same steps. */
export interface Step {
  /** Tells it from the others of its import. */
  name: string;
  space: Space;
  request: Omit<RememberRequest, 'space'>;
  agent_id?: string | undefined;
  run_id?: string | undefined;
  /** Messages of a conversation, or memories, that it holds. */
  count: number;
  /** Of their texts. */
  characters: number;
}

/** How items become steps. */
export interface StepOptions {
  /** Whether facts are to be found in it; undefined: in conversations. */
  infer?: boolean | undefined;
  /** Where a memory belongs. */
  spaceOf: (item: ImportedMemory | ImportedConversation) => Space;
  /** ISO 8601 in UTC: what claims to have been said later was said now. */
  now: string;
}

/** Bounds of one step: far within those of a call, so that little is repeated after an interruption. */
const mostCharacters = 60_000;
const mostMessages = 500;
const mostMemories = 200;
/** Characters that one text of a call may have. */
const longestText = 200_000;

/** The steps of an import, in the order of the file; a group of memories is held at a time. */
export async function* stepsOf(items: AsyncIterable<Item>, options: StepOptions): AsyncGenerator<Step> {
  let group: ImportedMemory[] = [];
  let characters = 0;
  let groups = 0;
  let conversations = 0;
  function taken(): Step[] {
    const [first] = group;
    if (!first) return [];
    groups += 1;
    const step = stepOfMemories(`memories ${groups}`, [first, ...group.slice(1)], options);
    group = [];
    characters = 0;
    return [step];
  }
  for await (const item of items) {
    if (item.form === 'left out') continue;
    if (item.form === 'conversation') {
      yield* taken();
      conversations += 1;
      yield* stepsOfConversation(item, `conversation ${conversations}`, options);
      continue;
    }
    for (const text of textPieces(item.text, longestText)) {
      const [first] = group;
      const isFull = group.length >= mostMemories || characters + text.length > mostCharacters;
      if (first && (isFull || labelsOf(first, options) !== labelsOf(item, options))) yield* taken();
      group.push({ ...item, text });
      characters += text.length;
    }
  }
  yield* taken();
}

/** What all memories of one call have in common. */
function labelsOf(memory: ImportedMemory, { spaceOf }: StepOptions): string {
  const { kind, occurred_at, expires_at, pinned, metadata, agent_id, run_id } = memory;
  return JSON.stringify([spaceOf(memory), kind, occurred_at, expires_at, pinned, metadata, agent_id, run_id]);
}

function stepOfMemories(name: string, group: [ImportedMemory, ...ImportedMemory[]], options: StepOptions): Step {
  const [first] = group;
  const { kind = 'observation', occurred_at, expires_at, pinned, metadata, agent_id, run_id } = first;
  const infer = options.infer ?? false;
  const turns = group.map(({ text, subject, at }) => ({ role: 'user' as const, content: text, name: subject, at: notLater(at, options) }));
  return {
    name,
    space: options.spaceOf(first),
    // What is kept as it stands is content, whoever it is about; facts are found in what is said.
    request: { form: infer ? 'messages' : 'content', turns, infer, kind, occurred_at, expires_at, pinned, metadata },
    agent_id,
    run_id,
    count: group.length,
    characters: charactersOf(turns),
  };
}

function* stepsOfConversation(item: ImportedConversation, name: string, options: StepOptions): Generator<Step> {
  const at = notLater(item.at ?? item.messages.find((message) => message.at)?.at, options);
  let turns: ImportedMessage[] = [];
  let characters = 0;
  let pieces = 0;
  const step = (): Step => {
    pieces += 1;
    const request = { form: 'messages' as const, turns, infer: options.infer ?? true, kind: 'observation' as const, at };
    return { name: `${name}, piece ${pieces}`, space: options.spaceOf(item), request, run_id: item.id, count: turns.length, characters };
  };
  for (const message of item.messages) {
    for (const content of textPieces(message.content, mostCharacters)) {
      if (turns.length > 0 && (turns.length >= mostMessages || characters + content.length > mostCharacters)) {
        yield step();
        turns = [];
        characters = 0;
      }
      turns.push({ ...message, content, at: notLater(message.at, options) });
      characters += content.length;
    }
  }
  if (turns.length > 0) yield step();
}

function notLater(at: string | undefined, { now }: StepOptions): string | undefined {
  return at !== undefined && at > now ? undefined : at;
}

function charactersOf(turns: readonly { content: string }[]): number {
  return turns.reduce((sum, { content }) => sum + content.length, 0);
}
