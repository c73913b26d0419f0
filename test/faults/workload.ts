import { isRunning } from '../support/process-state.js';
import type { StartedServer } from '../support/server.js';

/** How a lane has its statements remembered: word for word, by the rules, or by the model of its server. */
export type Way = 'verbatim' | 'rules' | 'model';

/**
 * What a client knows of one memory: what it was told, and what it has asked for without hearing of it yet. null stands
 * for a memory that is not there.
 */
export interface Statement {
  first: string;
  way: Way;
  id?: string;
  known: string | null;
  asked?: string | null;
  /** Its first call was repeated while an input of the same words may still wait for its processing. */
  repeated: boolean;
}

/** One client's calls, one after another, until its server is gone. */
export interface Lane {
  name: string;
  way: Way;
  statements: Statement[];
  random: () => number;
}

/** An answer that is not what it should be. */
class Refusal extends Error {}

/** Numbers from 0 to 1 that depend on the seed alone. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** What may be there of a statement, given what its client knows; one text or none. */
export function possible({ known, asked }: Statement): (string | null)[] {
  return asked === undefined ? [known] : [known, asked];
}

/**
 * Makes calls on a server until it is gone: unanswered ones of before again, then new statements, corrections and
 * forgettings by chance. `onAnswer` hears of each answer. Raises what the server refused.
 */
export async function work(lane: Lane, server: StartedServer, onAnswer: () => void): Promise<void> {
  for (;;) {
    const statement = lane.statements.find(({ asked }) => asked !== undefined) ?? chosen(lane);
    try {
      await make(statement, server);
    } catch (error) {
      if (error instanceof Refusal || isRunning(server.pid)) throw error;
      return;
    }
    onAnswer();
  }
}

/** A statement with something asked of it. */
function chosen(lane: Lane): Statement {
  const changeable = lane.statements.filter(({ known, repeated }) => known !== null && !repeated);
  const one = changeable[Math.floor(lane.random() * changeable.length)];
  const chance = lane.random();
  if (one && chance < 0.1) return Object.assign(one, { asked: null });
  const number = Math.floor(lane.random() * 1e9);
  if (one && chance < 0.3) return Object.assign(one, { asked: `${one.first.slice(0, -1)}, later ${number}.` });
  const first = `The code of locker ${lane.name}-${lane.statements.length} is ${number}.`;
  const statement: Statement = { first, way: lane.way, known: null, asked: first, repeated: false };
  lane.statements.push(statement);
  return statement;
}

/** Makes the call that a statement asks for, and notes what came of it. */
async function make(statement: Statement, server: StartedServer): Promise<void> {
  const { id, asked, way } = statement;
  if (asked === undefined) return;
  if (asked === null) {
    await answerOf(server, 'forget', { memory_ids: [id] });
  } else if (id === undefined) {
    const isRepetition = statement.repeated;
    statement.repeated = way === 'model';
    const { results } = await answerOf(server, 'remember', { content: asked, infer: way !== 'verbatim' });
    if (results.length !== 1 || results[0]?.memory !== asked) throw new Refusal(`${asked} became ${JSON.stringify(results)}`);
    statement.id = results[0].id;
    statement.repeated = isRepetition;
  } else {
    const { results } = await answerOf(server, 'remember', { memory_id: id, content: asked });
    if (results[0]?.memory !== asked) throw new Refusal(`${asked} became ${JSON.stringify(results)}`);
  }
  statement.known = asked;
  delete statement.asked;
}

async function answerOf(server: StartedServer, tool: string, args: Record<string, unknown>) {
  const { structured, text, isError } = await server.call(tool, args);
  if (isError || structured.pending) throw new Refusal(text);
  return structured;
}
