import type { ChangeEvent } from '../events.js';
import type { Side, Sides } from './side.js';

/** What counts of a memory, whatever merges made of it. */
export interface Standing {
  /** The last change that is a statement or a forgetting of its own. */
  change: ChangeEvent;
  /** What a merge forgot it by, because another memory says the same. */
  joined: ChangeEvent | undefined;
}

/** What counts of each memory of two logs, by its id. */
export function standingsOf(ids: Iterable<string>, sides: Sides): Map<string, Standing> {
  return new Map(
    [...ids].flatMap((id) => {
      const [ours, theirs] = sides.map((side) => standingIn(side, id));
      const standing = ours && theirs ? laterOf([ours, theirs], sides) : (ours ?? theirs);
      return standing ? [[id, standing] as const] : [];
    }),
  );
}

function standingIn(side: Side, memory: string): Standing | undefined {
  const changes = side.changes.get(memory) ?? [];
  const last = changes.find(({ event }) => event === 'ERASE') ?? changes.at(-1);
  if (!last) return undefined;
  const change = side.events[side.places.get(last.merged ?? '') ?? -1] as ChangeEvent | undefined;
  return { change: change ?? last, joined: successorOf(last) !== '' && change && 'state' in change ? last : undefined };
}

/** Of what two logs say of a memory: what the other side went on from gives way, else the earlier statement does. */
function laterOf([ours, theirs]: [Standing, Standing], sides: Sides): Standing {
  const isKnown = (standing: Standing, side: Side) => side.places.has(standing.change.event_id);
  if (ours.change.event_id === theirs.change.event_id) {
    const joined = [ours.joined, theirs.joined].flatMap((each) => each ?? []).sort((a, b) => compared(a.event_id, b.event_id));
    return { change: ours.change, joined: joined[0] };
  }
  const [oursKnown, theirsKnown] = [isKnown(ours, sides[1]), isKnown(theirs, sides[0])];
  if (oursKnown !== theirsKnown) return oursKnown ? theirs : ours;
  return inTime(ours.change, theirs.change) < 0 ? theirs : ours;
}

/** By when the statement was said, then by arrival; a forgetting was said when it was written, an erasure outlasts all. */
function inTime(a: ChangeEvent, b: ChangeEvent): number {
  const said = (change: ChangeEvent) => ('state' in change ? change.state.said_at : change.event === 'ERASE' ? '~' : change.at);
  return compared(said(a), said(b)) || compared(a.at, b.at) || compared(a.event_id, b.event_id);
}

/**
 * Whether a memory that was joined with another stays so: what became of the other was done in knowledge of that, and
 * the other was not in turn joined with this one elsewhere.
 */
export function staysJoined({ joined }: Standing, sides: Sides, standings: Map<string, Standing>): boolean {
  if (!joined) return false;
  const successor = standings.get(successorOf(joined));
  const isKnown = sides.some((side) => side.places.has(joined.event_id) && side.places.has(successor?.change.event_id ?? ''));
  const seen = new Set([joined.memory_id]);
  for (let next: ChangeEvent | undefined = joined; next; next = standings.get(successorOf(next))?.joined) {
    if (seen.has(successorOf(next))) return false;
    seen.add(successorOf(next));
  }
  return isKnown;
}

function successorOf(change: ChangeEvent): string {
  return change.event === 'DELETE' ? (change.successor ?? '') : '';
}

/** Which of two texts comes first, whatever the language of the machine: below 0 the one, above 0 the other. */
export function compared(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
