import type { HistoryEvent, RecalledMemory } from '../core/answers.js';
import type { Call, Scope } from '../core/core.js';
import type { Keepsake } from '../core/keepsake.js';
import type { ReflectionAnswer } from '../core/reflection/reflect.js';
import { nearMiss } from './near-miss.js';
import { reflectionLines } from './reflect.js';
import { plain, styled } from './terminal.js';

/** What a command inside of a conversation works with. */
export interface ChatSession {
  keepsake: Keepsake;
  spaces: Scope;
  newCall: () => Call;
  /** The memories that the last answer was given with. */
  memories: () => RecalledMemory[];
  /** Shows some lines and a question, and resolves with the line that answers it; undefined at the end of the input. */
  ask(shown: CommandAnswer, question: string): Promise<string | undefined>;
}

/** What a command answers: lines for people, and the same as data. */
export interface CommandAnswer {
  lines: string[];
  data: Record<string, unknown>;
  /** The conversation is over. */
  ends?: boolean;
}

interface ChatCommand {
  argument: string;
  meaning: string;
  run(session: ChatSession, argument: string): Promise<CommandAnswer> | CommandAnswer;
}

/** Hits that a search shows, and changes that the history shows. */
const mostHits = 10;
const mostChanges = 20;

const commands: Record<string, ChatCommand> = {
  memories: {
    argument: '[QUERY]',
    meaning: 'the memories behind the last answer, or those that match a query',
    async run({ keepsake, spaces, newCall, memories }, query) {
      const found = query === '' ? memories() : (await keepsake.recall({ spaces, query, limit: mostHits }, newCall())).memories;
      const none = query === '' ? 'The last answer was given without any memory.' : 'Nothing is remembered about this.';
      return { lines: found.length === 0 ? [none] : found.map(memoryLine), data: { memories: found } };
    },
  },
  forget: { argument: 'ID|WORDS', meaning: 'forgets one memory, or some that match the words, after asking which', run: forget },
  history: {
    argument: '[ID]',
    meaning: 'the life of one memory, or the latest changes',
    async run({ keepsake, spaces, newCall }, argument) {
      const memory_id = argument === '' ? undefined : (idIn(argument) ?? argument);
      const { events } = await keepsake.history({ scope: spaces, memory_id, limit: mostChanges }, newCall());
      return { lines: events.length === 0 ? ['Nothing has happened yet.'] : events.map(eventLine), data: { events } };
    },
  },
  reflect: {
    argument: '',
    meaning: 'derives insights from what is new, and unites repeats',
    async run({ keepsake, spaces, newCall }) {
      const answers: ReflectionAnswer[] = [];
      for (const space of spaces) {
        const answer = await keepsake.reflect(space, newCall());
        if (answer) answers.push(answer);
      }
      const busy = answers.length < spaces.length ? ['Another process is just reflecting; try again in a minute.'] : [];
      return { lines: [...answers.flatMap(reflectionLines), ...busy], data: { reflections: answers } };
    },
  },
  help: { argument: '', meaning: 'this list', run: () => ({ lines: helpLines(), data: { commands: Object.keys(commands) } }) },
  quit: { argument: '', meaning: 'ends the conversation; so does ctrl-D', run: () => ({ lines: [], data: {}, ends: true }) },
};

/** The name and argument in a line that is a command, such as "/forget the door code"; undefined for words to be answered. */
export function commandIn(line: string): { name: string; argument: string } | undefined {
  const [, name = '', argument = ''] = /^\/([a-z]+)(?:\s+(.*))?$/is.exec(line.trimEnd()) ?? [];
  return name === '' ? undefined : { name: name.toLowerCase(), argument: argument.trim() };
}

/** Carries a command out. Raises KeepsakeErrors and ModelErrors. */
export async function runChatCommand({ name, argument }: { name: string; argument: string }, session: ChatSession): Promise<CommandAnswer> {
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (command) return command.run(session, argument);
  const near = nearMiss(name, Object.keys(commands));
  const line = `There is no command /${plain(name)}; ${near === undefined ? '/help lists them' : `did you mean /${near}?`}`;
  return { lines: [line], data: { error: line } };
}

function helpLines(): string[] {
  const rows = Object.entries(commands).map(([name, { argument, meaning }]) => ({ usage: `/${name} ${argument}`.trim(), meaning }));
  const width = Math.max(...rows.map(({ usage }) => usage.length));
  return rows.map(({ usage, meaning }) => `${usage.padEnd(width)}  ${meaning}`);
}

/** The id that an argument is, plain or as recall writes it. */
function idIn(argument: string): string | undefined {
  return /^(?:\[mem:)?([0-9a-z]{14})\]?$/.exec(argument)?.[1];
}

async function forget(session: ChatSession, argument: string): Promise<CommandAnswer> {
  const { keepsake, spaces, newCall, ask } = session;
  const byIds = async (memory_ids: string[]) => {
    const request = { scope: spaces, memory_ids, limit: mostHits, erase: false, reason: 'asked for in a conversation' };
    return (await keepsake.forget(request, newCall())).answer.forgotten;
  };
  if (argument === '') return { lines: ['Say which: /forget ID or /forget WORDS.'], data: { error: 'ID or words are missing' } };
  const id = idIn(argument);
  const named = id === undefined ? [] : await byIds([id]);
  if (named.length > 0) return forgottenAnswer(named);
  const { memories } = await keepsake.recall({ spaces, query: argument, limit: mostHits }, newCall());
  if (memories.length === 0) return { lines: ['Nothing is remembered about this.'], data: { forgotten: [] } };
  const candidates = { lines: memories.map((memory, index) => `${index + 1}. ${memoryLine(memory)}`), data: { candidates: memories } };
  const reply = await ask(candidates, `Forget which? ${memories.length === 1 ? '1' : `1 to ${memories.length}`}, all, or nothing: `);
  const chosen = chosenOf(memories, reply ?? '');
  return forgottenAnswer(chosen.length === 0 ? [] : await byIds(chosen.map((memory) => memory.id)));
}

/** What a reply such as "1, 3" or "all" chooses; anything else chooses nothing. */
function chosenOf<T>(offered: T[], reply: string): T[] {
  const words = reply.trim().toLowerCase();
  if (['all', 'y', 'yes', '全部', '是'].includes(words)) return offered;
  const numbers = new Set(/^\d+(?:[\s,，、]+\d+)*$/.test(words) ? words.split(/[\s,，、]+/).map(Number) : []);
  return offered.filter((_, index) => numbers.has(index + 1));
}

function forgottenAnswer(forgotten: { id: string; memory: string }[]): CommandAnswer {
  const lines = forgotten.map(({ id, memory }) => `${styled('yellow', 'forgotten')}  ${quoted(id, memory)}`);
  return { lines: lines.length === 0 ? ['Nothing was forgotten.'] : lines, data: { forgotten } };
}

/** A memory's id and text for people. */
export function quoted(id: string, text: string): string {
  return `${styled('dim', id)}  ${plain(JSON.stringify(text))}`;
}

function memoryLine({ id, memory, said_at, created_at, occurred_at }: RecalledMemory): string {
  const dates = [occurred_at && `happens ${occurred_at}`, `said ${(said_at ?? created_at).slice(0, 10)}`];
  return `${quoted(id, memory)}  ${styled('dim', dates.filter(Boolean).join(', '))}`;
}

function eventLine({ at, event, memory_id = '', memory, previous, reason }: HistoryEvent): string {
  const about = [previous !== undefined && `before: ${JSON.stringify(previous)}`, reason].filter(Boolean).join('; ');
  const text = memory === undefined ? memory_id : quoted(memory_id, memory);
  return plainLine(`${at.slice(0, 19)}  ${event.padEnd(7)}  `) + text + (about === '' ? '' : `  ${styled('dim', plainLine(about))}`);
}

function plainLine(text: string): string {
  return plain(text).replaceAll(/\s*\n\s*/g, ' ');
}
