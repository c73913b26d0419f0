import { z } from 'zod';
import { acrossSpaces } from './across-spaces.js';
import type { Core } from './core.js';
import { decodeCursor, encodeCursor } from './cursor.js';
import { cut } from './cut.js';
import { changeEventNames, type Event, type EventName } from './events.js';
import { defined } from './facts.js';
import { writtenLast } from './latest-projects.js';
import type { NotedRead, Space } from './ports.js';
import { isLive } from './projection.js';
import { sequenceAt } from './sequence-at.js';
import { formatInstant } from './time/instants.js';
import { undisturbed } from './undisturbed.js';

/** What was done with the memories of some spaces, newest first. */
export interface Activity {
  entries: ActivityEntry[];
  next_cursor?: string;
  /** Spaces that were left out, those not written to for longest. */
  omitted_spaces?: number;
}

/** One call that read or changed memories of a space. */
export interface ActivityEntry {
  /** When; of a call that wrote several times, when it began. */
  at: string;
  call_id: string;
  space: Space;
  client?: string;
  agent_id?: string;
  run_id?: string;
  /** `read`, or what happened to the memories. */
  did: 'read' | EventName;
  /** The call took several inputs, as only an import does. */
  imported?: true;
  /** The call that it took back. */
  undoes?: string;
  /** At most 20 of them, with their current text as far as it is live, cut at 200 characters. */
  memories: { id: string; memory?: string }[];
  /** All of them. */
  count: number;
}

/** What is asked for. */
export interface ActivityRequest {
  /** Id of whoever asks: cursors are good for it alone. */
  reader: string;
  spaces: readonly Space[];
  limit: number;
  cursor?: string | undefined;
  /** Whether what people looked at themselves is told, too. */
  looking?: boolean | undefined;
}

/** Spaces that one answer looks at: each may have to be loaded. */
const mostSpaces = 50;
/** Memories that one entry names, and characters of each. */
const mostMemories = 20;
const longestText = 200;
/** Events of a log that are read at once; a call that wrote more of them makes several entries. */
const stretch = 256;
/** Events of a space after which a page ends that shows anything: calls that write much make it shorter. */
const mostEvents = 2048;

/** The events that are shown; the others are no news of a memory. */
const shown = new Set<string>([...changeEventNames, 'CONFIRM'] satisfies EventName[]);

/** An entry before its texts are known; `at` in UTC. */
interface Found {
  at: string;
  call_id: string;
  space: Space;
  /** Of the log that it is in; absent for a read. */
  stretch?: number;
  client?: string | undefined;
  agent_id?: string | undefined;
  run_id?: string | undefined;
  did: ActivityEntry['did'];
  undoes?: string | undefined;
  /** How many the call took, of those that lie in the stretch beside its changes; absent for a read. */
  inputs?: number;
  ids: string[];
}

/** What a source knows from a place on, newest first; `more` where it knows of older ones, too. */
interface Part {
  found: Found[];
  more: boolean;
}

/** After which entry a page begins: entries are ordered by time, those of the same time by `key`. */
const placeSchema = z.object({ at: z.iso.datetime(), key: z.string() });
type Place = z.infer<typeof placeSchema>;

const placeOf = ({ at, space, stretch: number = 0, did, call_id }: Found): Place => ({ at, key: `${space} ${number} ${did} ${call_id}` });

/** Newest first. */
function compare(a: Place, b: Place): number {
  if (a.at !== b.at) return a.at < b.at ? 1 : -1;
  return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
}

/**
 * What was done in the latest of these spaces: changes as the history tells them, reads as far as they were noted.
 * Raises cursor_invalid.
 */
export async function activity(core: Core, { reader, spaces: asked, limit, cursor, looking }: ActivityRequest): Promise<Activity> {
  const identity = { activity: reader, looking };
  const place = cursor === undefined ? undefined : decodeCursor(cursor, placeSchema, identity);
  const spaces = await writtenLast(core, asked, mostSpaces);
  const changes = await acrossSpaces(spaces, (space) => changesIn(core, space, { place, limit }));
  const parts = [...changes, await readsOf(core, spaces, { place, limit, looking })];
  const entries = parts.flatMap(({ found }) => found).sort(byPlace);
  // What is older than the last that a source gave may lie behind others of that source.
  const ends = parts.flatMap(({ found, more }) => (more ? (found.sort(byPlace).at(-1) ?? []) : [])).sort(byPlace);
  const page = entries.filter((entry) => ends[0] === undefined || byPlace(entry, ends[0]) <= 0).slice(0, limit);
  const last = page.at(-1);
  const isLast = page.length === entries.length && ends.length === 0;
  return defined({
    entries: await withTexts(core, page),
    next_cursor: last && !isLast ? encodeCursor(placeOf(last), identity) : undefined,
    omitted_spaces: asked.length > spaces.length ? asked.length - spaces.length : undefined,
  });
}

const byPlace = (a: Found, b: Found) => compare(placeOf(a), placeOf(b));

/** From where on, and how many entries. */
interface Wanted {
  place: Place | undefined;
  limit: number;
}

/** Whether an entry lies on a page that begins behind a place. */
function isBehind(place: Place | undefined, found: Found): boolean {
  return place === undefined || compare(placeOf(found), place) > 0;
}

/**
 * The calls that changed a space. What a call did within a stretch of the log is one entry, wherever a page begins; what
 * was written at the same instant is never parted, neither by pages nor by stretches.
 */
function changesIn(core: Core, space: Space, { place, limit }: Wanted): Promise<Part> {
  const open = core.spaces.open(space);
  return undisturbed(open, async () => {
    const newest = await open.read(({ projection }) => projection.position.sequence);
    const from = place ? await sequenceAt(Date.parse(place.at), newest, open.events) : newest;
    const entries: Found[] = [];
    const found = () => entries.filter((entry) => isBehind(place, entry));
    let looked = 0;
    const isEnough = () => found().length >= (looked >= mostEvents ? 1 : limit);
    let oldest = { at: '', stretch: 0 };
    for (let number = Math.floor(from / stretch); number >= 0; number -= 1) {
      const sequences = Array.from({ length: stretch }, (_, index) => number * stretch + index);
      const events = await open.events(sequences.filter((sequence) => sequence >= 1 && sequence <= newest));
      if (events.at(-1)?.at !== oldest.at && isEnough()) return { found: found(), more: true };
      looked += events.length;
      for (const event of events.reverse()) {
        if (event.at !== oldest.at) oldest = { at: event.at, stretch: number };
        include(entries, event, { space, stretch: oldest.stretch });
      }
    }
    return { found: found(), more: false };
  });
}

/** Adds what an older event tells: to the entry of the same call where no other call came between, else as a new one. */
function include(entries: Found[], event: Event, place: Pick<Found, 'space' | 'stretch'>): void {
  if (event.event === 'RECEIVED' && event.input.form !== 'reflection') countInput(entries, event, place.stretch);
  if (!('memory_id' in event) || !shown.has(event.event)) return;
  const { at, call_id, client, agent_id, run_id, event: did, memory_id } = event;
  // A call makes one entry for each thing that it did, next to each other.
  for (let index = entries.length - 1; entries[index]?.call_id === call_id; index -= 1) {
    const entry = entries[index];
    if (entry?.did !== did || entry.stretch !== place.stretch) continue;
    entry.at = at;
    entry.ids.push(memory_id);
    return;
  }
  const undoes = 'reason' in event ? /^undo of (\S+)$/.exec(event.reason ?? '')?.[1] : undefined;
  entries.push({ at, call_id, ...place, client, agent_id, run_id, did, undoes, inputs: 0, ids: [memory_id] });
}

/** Notes an input with what its call made of it. */
function countInput(entries: Found[], { call_id }: Event, stretch: number | undefined): void {
  for (let index = entries.length - 1; entries[index]?.call_id === call_id; index -= 1) {
    const entry = entries[index];
    if (entry?.stretch === stretch && entry?.inputs !== undefined) entry.inputs += 1;
  }
}

/** The calls that read memories of these spaces. */
async function readsOf(
  core: Core,
  spaces: readonly Space[],
  { place, limit, looking }: Wanted & Pick<ActivityRequest, 'looking'>,
): Promise<Part> {
  const attribute = await attribution(core, spaces);
  const found: Found[] = [];
  for (const read of core.accesses.reads()) {
    if ((read.looking && !looking) || (place && read.at > place.at)) continue;
    if (found.length >= limit && read.at !== found.at(-1)?.at) return { found, more: true };
    found.push(...attribute(read).filter((entry) => isBehind(place, entry)));
  }
  return { found, more: false };
}

/** Tells in which of some spaces a read was; one that was noted without its space, by what its ids are known in. */
async function attribution(core: Core, spaces: readonly Space[]): Promise<(read: NotedRead) => Found[]> {
  const looked = new Set<string>(spaces);
  const known = await acrossSpaces(spaces, (space) =>
    core.spaces.open(space).read(({ projection }) => ({ space, memories: projection.memories })),
  );
  return ({ at, client, call_id, space, memory_ids }) => {
    const entry = (there: Space, ids: string[]): Found => ({ at, client, call_id, space: there, did: 'read', ids });
    if (space !== undefined) return looked.has(space) ? [entry(space as Space, memory_ids)] : [];
    return known.flatMap(({ space: there, memories }) => {
      const ids = memory_ids.filter((id) => memories.has(id));
      return ids.length > 0 ? [entry(there, ids)] : [];
    });
  };
}

/** The entries as they are answered, with what their memories say now. */
function withTexts(core: Core, page: readonly Found[]): Promise<ActivityEntry[]> {
  return acrossSpaces(page, ({ ids, stretch: _, inputs = 0, ...entry }) =>
    core.spaces.open(entry.space).read(({ projection }) => {
      const memories = ids.slice(0, mostMemories).map((id) => {
        const memory = projection.memories.get(id);
        return memory && isLive(memory, core.clock.now()) ? { id, memory: cut(memory.state.text, longestText) } : { id };
      });
      const imported = inputs > 1 ? (true as const) : undefined;
      return defined({ ...entry, imported, at: formatInstant(Date.parse(entry.at), core.zone), memories, count: ids.length });
    }),
  );
}
