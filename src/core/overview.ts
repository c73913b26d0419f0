import type { Core } from './core.js';
import type { Space } from './ports.js';
import { isLive, type Memory } from './projection.js';
import { sequenceAt } from './sequence-at.js';
import type { OpenSpace } from './spaces.js';
import type { Kinds } from './stats.js';
import { firstOfMonth, isoOf } from './time/days.js';
import { dateAt, momentOf } from './time/instants.js';
import { countTopics, createKeys, isShowable } from './topics.js';
import { undisturbed } from './undisturbed.js';

/** A picture of one space: how it grew, and what it is about. */
export interface Overview {
  space: Space;
  /** Live memories, and of which kinds. */
  live: number;
  kinds: Kinds;
  forgotten: number;
  /**
   * Every month from the first change to now, oldest first, at most the last 120: memories that were added, revisions
   * that changed one, and memories that were forgotten or erased and have not come back.
   */
  months: { month: string; added: number; changed: number; forgotten: number }[];
  /** Who or what most live memories are about, most first, at most 50; the subject is absent for those about the user. */
  subjects: { subject?: string; memories: number }[];
  /** What most live memories name, most first, at most 50. */
  entities: { entity: string; memories: number }[];
}

/** Months of one picture. */
const mostMonths = 120;
/** Subjects and entities of one picture. */
const mostNames = 50;

/** A month as it is written, and the number of the last event before it. */
interface Month {
  month: string;
  after: number;
}

/** Counts what is in a space and how it came there. O(memories), and a few events read for each month. */
export function overview(core: Core, space: Space): Promise<Overview> {
  const open = core.spaces.open(space);
  return undisturbed(open, async () => {
    const months = await monthsOf(core, open);
    return open.read(({ projection }) => {
      const memories = [...projection.memories.values()];
      const live = memories.filter((memory) => isLive(memory, core.clock.now()));
      return {
        space,
        live: live.length,
        kinds: kindsOf(live),
        forgotten: memories.filter(({ status }) => status === 'forgotten').length,
        months: growth(memories, months),
        ...topicsOf(live),
      };
    });
  });
}

/** The months of a log, oldest first, and where in it each begins. */
async function monthsOf({ clock, zone }: Core, open: OpenSpace): Promise<Month[]> {
  const { memories, last } = await open.read(({ projection }) => ({
    memories: [...projection.memories.values()],
    last: projection.position.sequence,
  }));
  const [first] = memories;
  if (!first) return [];
  const start = Date.parse(first.created_at);
  const now = dateAt(Math.max(clock.now(), start), zone);
  const beginning = Math.max(firstOfMonth(dateAt(start, zone)), firstOfMonth(now, 1 - mostMonths));
  const months: Month[] = [];
  for (let day = beginning; day <= now; day = firstOfMonth(day, 1)) {
    const end = momentOf(day, zone) - 1;
    // Memories stand in the order in which they were added: events are read only between the two around that instant.
    const next = firstAfter(end, memories);
    const [known, later] = [memories[next - 1]?.added ?? 0, memories[next]?.added ?? last + 1];
    months.push({ month: isoOf(day, 'month') ?? '', after: await sequenceAt(end, later - 1, open.events, known) });
  }
  return months;
}

/** Place of the first memory that was added after an instant (milliseconds since 1970). */
function firstAfter(instant: number, memories: readonly Memory[]): number {
  const at = new Date(instant).toISOString();
  return firstWhere(memories, ({ created_at }) => created_at > at);
}

/** Place of the first item for which something holds that holds for all that follow; how many there are if for none. */
function firstWhere<T>(items: readonly T[], holds: (item: T) => boolean): number {
  let [before, there] = [-1, items.length];
  while (there - before > 1) {
    const middle = (before + there) >> 1;
    if (holds(items[middle] as T)) there = middle;
    else before = middle;
  }
  return there;
}

function growth(memories: readonly Memory[], months: readonly Month[]): Overview['months'] {
  const counted = months.map(({ month }) => ({ month, added: 0, changed: 0, forgotten: 0 }));
  /** The month of an event; undefined for one before the first. */
  const at = (sequence: number) => counted[firstWhere(months, ({ after }) => after >= sequence) - 1];
  const count = (sequence: number, what: 'added' | 'changed' | 'forgotten') => {
    const month = at(sequence);
    if (month) month[what] += 1;
  };
  for (const { added, changed, revisions, status } of memories) {
    count(added, 'added');
    // A log that lost lines leaves holes among the revisions, which are passed over here.
    revisions.forEach((sequence) => {
      if (sequence !== added) count(sequence, 'changed');
    });
    if (status !== 'live') count(changed, 'forgotten');
  }
  return counted;
}

function kindsOf(memories: readonly Memory[]): Kinds {
  const kinds: Kinds = {};
  for (const { state } of memories) kinds[state.kind] = (kinds[state.kind] ?? 0) + 1;
  return kinds;
}

function topicsOf(live: readonly Memory[]): Pick<Overview, 'subjects' | 'entities'> {
  const keyOf = createKeys();
  const named = countTopics(
    live.map(({ state }) => [state.subject ?? []].flat().filter(isShowable)),
    keyOf,
  ).map(({ name, memories }): Overview['subjects'][number] => ({ subject: name, memories }));
  const ofUser = live.filter(({ state }) => state.subject === undefined).length;
  const subjects = [...(ofUser > 0 ? [{ memories: ofUser }] : []), ...named].sort((a, b) => b.memories - a.memories);
  const entities = countTopics(
    live.map(({ state }) => (state.entities ?? []).filter(isShowable)),
    keyOf,
  ).map(({ name, memories }) => ({ entity: name, memories }));
  return { subjects: subjects.slice(0, mostNames), entities: entities.slice(0, mostNames) };
}
