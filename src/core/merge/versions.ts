import { blanked, type Words, wordsOf } from '../erase.js';
import type { Event } from '../events.js';
import { sentencesOf } from '../sentences.js';
import type { Side, Sides } from './side.js';

/** A memory that is erased in one log or both. */
interface Erasure {
  id: string;
  words: Words;
  /** Where each log erases it; Infinity where it does not. */
  places: [number, number];
}

/**
 * Gives each event the version that may stand: of one that differs between the logs what neither of them blanked, and
 * nothing of a memory that either erased. The same object where nothing is to be changed.
 */
export function createVersions(sides: Sides): (event: Event) => Event {
  const erasures = erasuresOf(sides);
  const ids = new Set(erasures.map(({ id }) => id));
  const worded = erasures.filter(({ words }) => words.texts.length > 0 || words.inputs.size > 0);

  /** Whoever wrote behind an ERASE knew of it: the same words said anew are a new statement. */
  function isToBlank(event: Event, { places }: Erasure): boolean {
    return !sides.some((side, index) => (side.places.get(event.event_id) ?? -1) > (places[index] ?? Number.POSITIVE_INFINITY));
  }

  function withoutErased(event: Event): Event {
    const relevant = worded.filter((erasure) => isToBlank(event, erasure));
    if (relevant.length === 0 && !('memory_id' in event && ids.has(event.memory_id))) return event;
    const words: Words = {
      texts: relevant.flatMap((erasure) => erasure.words.texts),
      inputs: new Set(relevant.flatMap((erasure) => [...erasure.words.inputs])),
      attachments: new Set(relevant.flatMap((erasure) => [...erasure.words.attachments])),
    };
    const blank = blanked(event, ids, words);
    return blank === event || JSON.stringify(blank) === JSON.stringify(event) ? event : blank;
  }

  return (event) => withoutErased(common(event, sides));
}

function erasuresOf(sides: Sides): Erasure[] {
  const ids = new Set(sides.flatMap(({ events }) => events.flatMap((event) => (event.event === 'ERASE' ? [event.memory_id] : []))));
  return [...ids].sort().map((id) => ({
    id,
    words: wordsOf(
      sides.flatMap((side) => side.changes.get(id) ?? []),
      new Set([id]),
    ),
    places: sides.map((side) => placeOfErase(side, id)) as [number, number],
  }));
}

function placeOfErase(side: Side, id: string): number {
  const erase = side.changes.get(id)?.find((event) => event.event === 'ERASE');
  return side.places.get(erase?.event_id ?? '') ?? Number.POSITIVE_INFINITY;
}

/** Fields that tell the place in one log, not what happened. */
const placing = ['seq', 'at', 'revision', 'base', 'restored'] as const;

/** What both logs say of an event, at the place that `event` has. */
function common(event: Event, sides: Sides): Event {
  const own: Fields = event;
  const placed = (version: Fields) => ({
    ...version,
    ...Object.fromEntries(placing.flatMap((field) => (field in own && field in version ? [[field, own[field]]] : []))),
  });
  const versions = sides.flatMap((side) => side.events[side.places.get(event.event_id) ?? -1] ?? []);
  if (versions.length < 2 || JSON.stringify(versions[0]) === JSON.stringify(versions[1])) return event;
  const [one, other] = versions
    .map(placed)
    .map((version) => ({ version, text: JSON.stringify(version) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1));
  return one && other && one.text !== other.text ? (meet(one.version, other.version) as Event) : event;
}

type Fields = Record<string, unknown>;
const isObject = (value: unknown): value is Fields => typeof value === 'object' && value !== null && !Array.isArray(value);
const isBlank = (value: Fields) => value.text === '' || value.content === '';

/** What two versions of a value from which both have erased something have left. */
function sharedPart(one: unknown, other: unknown): unknown {
  if (typeof one === 'string' && typeof other === 'string') {
    const left = new Set(sentencesOf(other).map((sentence) => sentence.trim()));
    return sentencesOf(one)
      .filter((sentence) => left.has(sentence.trim()))
      .join('')
      .trim();
  }
  if (!Array.isArray(one) || !Array.isArray(other)) return meet(one, other);
  const left = new Set(other.map((each) => JSON.stringify(each)));
  return one.filter((each) => left.has(JSON.stringify(each)));
}

/** What two versions of a value have in common, where the one may have been blanked. */
function meet(one: unknown, other: unknown): unknown {
  if (isObject(one) && isObject(other)) {
    if (isBlank(one) !== isBlank(other)) return isBlank(one) ? one : other;
    if (one.erased !== other.erased) return one.erased ? one : other;
    const part = one.erased ? sharedPart : meet;
    return Object.fromEntries(Object.keys(one).flatMap((key) => (key in other ? [[key, part(one[key], other[key])]] : [])));
  }
  if (Array.isArray(one) && Array.isArray(other) && one.length === other.length) return one.map((each, index) => meet(each, other[index]));
  if (one === '' || other === '') return '';
  // Of how far a reflection looked the united log says less: what it looked at beyond that is looked at again.
  if (typeof one === 'number' && typeof other === 'number') return Math.min(one, other);
  return JSON.stringify(one) <= JSON.stringify(other) ? one : other;
}
