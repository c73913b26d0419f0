import { beforeEach, describe, expect, it } from 'vitest';
import type { Event, EventDraft } from '../../src/core/events.js';
import { withoutForgotten } from '../../src/core/forgotten-since.js';
import { applyEvent, createProjection, type Projection } from '../../src/core/projection.js';
import type { Planned } from '../../src/core/reconcile.js';

const hour = (number: number) => `2024-01-01T${String(number).padStart(2, '0')}:00:00.000Z`;
const state = (text: string, said_at: string) => ({ text, kind: 'observation' as const, said_at });

let projection: Projection;
beforeEach(() => {
  projection = createProjection('user:ann');
});

/** Lets something happen at an hour of the day. */
function take(at: number, draft: EventDraft): void {
  applyEvent(projection, { seq: projection.position.sequence + 1, at: hour(at), ...draft } as Event);
}
const add = (id: string, text: string, said: number): EventDraft => ({
  ...{ event: 'ADD', memory_id: id, revision: 1, base: 0 },
  state: state(text, hour(said)),
});
const forget = (id: string, successor?: string): EventDraft => ({
  ...{ event: 'DELETE', memory_id: id, revision: 1, base: 1 },
  ...(successor ? { successor } : {}),
});

/** What is left of a statement said at an hour, in an input that stands at a number of the log. */
function left(text: string, said: number, after: number): { kept: number; skipped: string[] } {
  const planned = [{ state: state(text, hour(said)) }] as Planned[];
  const { planned: kept, skipped } = withoutForgotten(projection, planned, { after, now: Date.parse(hour(23)) });
  return { kept: kept.length, skipped: skipped.map((part) => `${part.text}: ${part.reason}`) };
}

describe('a statement of an input that waited', () => {
  it('is left out when it was forgotten meanwhile, and the reason is given', () => {
    take(2, add('a', 'Lives in Paris.', 2));
    take(3, forget('a'));
    expect(left('lives in Paris', 1, 0)).toEqual({ kept: 0, skipped: ['lives in Paris: forgotten since'] });
    expect(left('Lives in Rome.', 1, 0)).toEqual({ kept: 1, skipped: [] });
  });

  it('stays when it was forgotten before the input came, and when it is remembered again', () => {
    take(2, add('a', 'Lives in Paris.', 2));
    take(3, forget('a'));
    expect(left('Lives in Paris.', 1, 2).kept).toBe(1);
    take(4, add('b', 'Lives in Paris.', 4));
    expect(left('Lives in Paris.', 1, 0).kept).toBe(1);
  });

  it('stays when it is newer than what took the place of the same statement', () => {
    take(5, add('a', 'Lives in Paris.', 1));
    take(6, add('b', 'Lives in Berlin.', 2));
    take(6, forget('a', 'b'));
    expect(left('Lives in Paris.', 3, 0).kept).toBe(1);
    expect(left('Lives in Paris.', 1, 0).kept).toBe(0);
  });
});
