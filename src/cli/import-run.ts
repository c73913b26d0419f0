import type { App } from '../app.js';
import type { RememberAnswer } from '../core/answers.js';
import { KeepsakeError, messageOf } from '../core/errors.js';
import type { Space } from '../core/ports.js';
import type { Step } from '../formats/steps.js';
import { derivedId } from '../ids.js';
import { programName } from './program-name.js';

/** What the steps of an import changed, in memories. */
export interface Imported {
  added: number;
  updated: number;
  forgotten: number;
  /** What was remembered already. */
  known: number;
  /** Inputs that are saved and wait for their model. */
  pending: number;
  /** Steps that could not be taken, and why. */
  refused: string[];
  /** Messages and memories that an interrupted import had taken before. */
  taken_before: number;
}

/** The journal of an import under way. */
export type Journal = NonNullable<Awaited<ReturnType<App['imports']['find']>>>;

/** How the steps of an import are taken. */
export interface RunOptions {
  journal: Journal;
  /** Whether another process has begun with it. */
  isResumed: boolean;
  client: string;
  signal: AbortSignal;
  /** Hears how many messages and memories are done. */
  onDone: (done: number) => void;
}

/** Inputs in a row that a model fails on before an import waits for a better day. */
const mostFailures = 3;
/** Events that are read from a log at once. */
const atOnce = 1000;

/**
 * Takes the steps of an import in order, each exactly once: what is in the log already is left, whichever process put
 * it there. Raises the signal's reason, and what keeps a step from being taken; started again it goes on from there.
 */
export async function runSteps(
  app: App,
  steps: AsyncIterable<Step>,
  { journal, isResumed, client, signal, onDone }: RunOptions,
): Promise<Imported> {
  const imported: Imported = { added: 0, updated: 0, forgotten: 0, known: 0, pending: 0, refused: [], taken_before: 0 };
  const received = new Map<Space, Set<string>>();
  const before = journal.done;
  let taken = 0;
  let done = 0;
  let failures = 0;
  for await (const { name, space, request, agent_id, run_id, count } of steps) {
    signal.throwIfAborted();
    taken += 1;
    const inputId = derivedId(journal.started_at, `${journal.id} ${name}`);
    const isTaken = taken <= before || (isResumed && (await receivedIn(app, space, { journal, received })).has(inputId));
    if (isTaken) imported.taken_before += count;
    else {
      const call = { id: journal.id, client, agent_id, run_id, signal };
      try {
        const answer = await app.keepsake.remember({ ...request, space, input_id: inputId }, call);
        add(imported, answer);
        failures = answer.pending ? failures + 1 : 0;
      } catch (error) {
        // Words that are none, such as a line of spaces; whatever else is wrong keeps the rest from being taken, too.
        if (!(error instanceof KeepsakeError && error.code === 'invalid_argument')) throw error;
        imported.refused.push(`${name}: ${messageOf(error)}`);
      }
    }
    done += count;
    if (taken > before) await app.imports.write(Object.assign(journal, { done: taken }));
    onDone(done);
    signal.throwIfAborted();
    if (failures >= mostFailures)
      throw new Error(
        `The model failed on ${failures} inputs in a row. They are saved and will be processed once it answers; see ${programName()} doctor. Run the same command again to go on.`,
      );
  }
  return imported;
}

/** Ids of the inputs of this import that a log holds; looked for once a space. */
async function receivedIn(
  app: App,
  space: Space,
  { journal, received }: { journal: Journal; received: Map<Space, Set<string>> },
): Promise<Set<string>> {
  const known = received.get(space);
  if (known) return known;
  const found = new Set<string>();
  received.set(space, found);
  const open = app.core.spaces.open(space);
  const last = await open.read(({ projection }) => projection.position.sequence);
  for (let first = 1; first <= last; first += atOnce) {
    const events = await open.events(Array.from({ length: Math.min(atOnce, last + 1 - first) }, (_, index) => first + index));
    for (const event of events) if (event.event === 'RECEIVED' && event.call_id === journal.id) found.add(event.event_id);
  }
  return found;
}

function add(imported: Imported, { results, pending }: RememberAnswer): void {
  if (pending) imported.pending += 1;
  for (const { event } of results) {
    switch (event) {
      case 'ADD':
        imported.added += 1;
        break;
      case 'UPDATE':
      case 'RESTORE':
        imported.updated += 1;
        break;
      case 'DELETE':
        imported.forgotten += 1;
        break;
      case 'NONE':
        imported.known += 1;
        break;
      default:
        event satisfies never;
    }
  }
}
