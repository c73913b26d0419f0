import type { ChangeSource, MemoryState, ReceivedInput, Turn } from './events.js';
import { flagsOf } from './injection.js';
import type { Fact } from './ports.js';
import { isStanding } from './standing.js';
import type { TimePhrase } from './time/complete.js';
import { parseInstant, spanOf, spansOverlap, zoneOf } from './time/instants.js';
import { findTimePhrases } from './time/phrases.js';

/** A fact as it would be stored. */
export interface Candidate {
  fact: Fact;
  state: MemoryState;
  source: ChangeSource;
}

/** Names under which models and people speak of the user of a space: they mean no subject of its own. */
const selfNames = new Set([
  ...['user', 'the user', 'i', 'me', 'myself', 'self', 'speaker', 'null', 'none', '用户', '我', '使用者'],
  ...['nutzer', 'utilisateur', 'usuario', 'utente', 'usuário', 'ユーザー', '사용자', 'пользователь'],
]);

/** Whom or what a name stands for; undefined where it is the user of the space. */
export function namedSubject(name = ''): string | undefined {
  const subject = name.trim();
  return subject === '' || selfNames.has(subject.toLowerCase()) ? undefined : subject;
}

/** A copy without the properties that are undefined. */
export function defined<T extends object>(value: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(value).filter(([, each]) => each !== undefined)) as { [K in keyof T]: Exclude<T[K], undefined> };
}

/** When what a text states happens. */
export type Dates = Pick<MemoryState, 'occurred_at' | 'recurs'>;

/** The phrases of time in a text, read relative to when it was said, in the offset it was said in. */
export function phrasesIn(text: string, at: string, zone: string): TimePhrase[] {
  return findTimePhrases(text, { now: parseInstant(at, { zone, edge: 'start' }), zone: zoneOf(at) ?? zone, prefer: 'tense' });
}

/** How exact the phrases are that name all of a period and no part of it. */
const wholePeriod = { daily: 'day', weekly: 'week', monthly: 'month', yearly: 'year' };

/** When a text says that something happens, read relative to when it was said, in the offset it was said in. */
export function datesIn(text: string, at: string, zone: string): Dates {
  return datesOf(phrasesIn(text, at, zone));
}

/** The same of whole dates only that say their year: what else stands in a text may be no date of what it states. */
function wholeDatesIn(text: string, at: string, zone: string): Dates {
  const isWhole = ({ start, end, value = '' }: TimePhrase) => value.length >= 10 && text.slice(start, end).includes(value.slice(0, 4));
  return datesOf(phrasesIn(text, at, zone).filter(isWhole));
}

function datesOf(phrases: TimePhrase[]): Dates {
  const valued = phrases.filter((phrase) => phrase.value !== undefined);
  // "Every year on May 3": the one phrase says how often, the other when.
  const dated = valued.find(({ recurs, precision }) => recurs === undefined || wholePeriod[recurs] !== precision) ?? valued[0];
  // "Next week" is better known by its first day than not at all.
  const week = phrases.find(({ day }) => day !== undefined);
  return defined({ occurred_at: dated?.value ?? week?.day, recurs: dated?.recurs ?? phrases.find((phrase) => phrase.recurs)?.recurs });
}

/**
 * What the words of a memory are, whatever they speak of. `told` is what an extractor says of them. How-tos are recalled
 * by their task, and what an assistant says of itself or what is flagged steers nobody: those stand for nothing.
 */
export function natureOf(
  { text, kind, subject }: Pick<MemoryState, 'text' | 'kind' | 'subject'>,
  told?: boolean,
): { standing: true | undefined; flags: MemoryState['flags'] } {
  const flags = flagsOf(text);
  const canStand = flags === undefined && kind !== 'procedure' && subject !== 'assistant';
  return { standing: (canStand && (told ?? isStanding(text))) || undefined, flags };
}

/** What would be stored of a fact of this input, and the words it came from. */
export function candidateOf(fact: Fact, input: ReceivedInput, inputId: string, zone: string): Candidate {
  const turn: Turn | undefined = input.turns[fact.turn];
  const at = turn?.at ?? input.at;
  const told = input.occurred_at
    ? { occurred_at: input.occurred_at }
    : defined({ occurred_at: fact.occurred_at ?? undefined, recurs: fact.recurs });
  const subject = namedSubject(fact.subject);
  const state: MemoryState = defined({
    text: fact.text,
    kind: input.kind,
    subject,
    entities: fact.entities && fact.entities.length > 0 ? fact.entities : undefined,
    said_at: new Date(parseInstant(at, { zone, edge: 'start' })).toISOString(),
    ...(fact.occurred_at === null ? wholeDatesIn : datesIn)(fact.text, at, zone),
    ...told,
    expires_at: input.expires_at,
    pinned: input.pinned || undefined,
    importance: fact.importance,
    ...natureOf({ text: fact.text, kind: input.kind, subject }, fact.standing),
    metadata: input.metadata,
  });
  const source: ChangeSource = defined({
    input_id: inputId,
    role: turn?.role ?? 'user',
    turn: fact.turn,
    text: fact.quote === fact.text ? undefined : fact.quote,
  });
  return { fact, state, source };
}

/**
 * When a statement happens into which a fact of this input was worked: as its own words say, since they hold what the
 * fact did not know; of several dates in them the fact's. What the caller told, and a text without dates, leave the fact's.
 */
export function datesOfMerged(text: string, { fact, state }: Candidate, input: ReceivedInput, zone: string): Dates {
  const { occurred_at, recurs } = state;
  if (input.occurred_at !== undefined || text === fact.text) return defined({ occurred_at, recurs });
  const at = input.turns[fact.turn]?.at ?? input.at;
  const own = fact.occurred_at ? spanOf(fact.occurred_at, zoneOf(at) ?? zone) : undefined;
  const read = datesIn(text, at, zone);
  const agreeing =
    own && phrasesIn(text, at, zone).find(({ value, span }) => value !== undefined && spansOverlap(span, own.start, own.end - 1));
  const isVaguer = own && agreeing && agreeing.span.end - agreeing.span.start > own.end - own.start;
  return defined({
    occurred_at: isVaguer ? occurred_at : (agreeing?.value ?? read.occurred_at ?? occurred_at),
    recurs: recurs ?? read.recurs,
  });
}

/** Each turn that is not the system's, as it stands; what an assistant says is about nobody but itself. */
export function verbatimFacts(turns: Turn[]): Fact[] {
  return turns.flatMap((turn, index) => {
    if (turn.role === 'system' || turn.content === '') return [];
    const subject = turn.name ?? (turn.role === 'assistant' ? 'assistant' : undefined);
    return [defined({ text: turn.content, subject, turn: index, quote: turn.content })];
  });
}
