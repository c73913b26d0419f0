import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { sentence } from './sentences.mjs';

/** Memories that one run of a client left. */
const runLength = 20;
const begin = Date.UTC(2025, 0, 1);
const minute = 60_000;

const plainTurn = (number) => ({ text: sentence(number), run: `run ${Math.floor(number / runLength)}`, at: begin + number * minute });

/**
 * Writes the log of a home with so many memories of the default user, as if each had been remembered by a call of its
 * own; `turnOf` tells of a number the text, its subject if it has one, its run and when it was said (milliseconds).
 */
export async function writeHome(home, memories, turnOf = plainTurn) {
  const folder = join(home, 'history');
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const file = createWriteStream(join(folder, 'user-default.jsonl'), { mode: 0o600 });
  const header = { keepsake: 'history', space: 'user:default', format: 1, min_reader: 1, min_writer: 1, generation: 1 };
  file.write(`${JSON.stringify(header)}\n`);
  for (let number = 0; number < memories; number += 1) {
    if (!file.write(linesOf(number, turnOf(number, memories)))) await once(file, 'drain');
  }
  file.end();
  await once(file, 'close');
}

/** Writes the logs of a home with so many users, u0 and on, who remembered the same. */
export async function writeUsers(home, users, memories) {
  await writeHome(home, memories);
  const one = join(home, 'history', 'user-default.jsonl');
  const text = await readFile(one, 'utf8');
  await rm(one);
  for (let user = 0; user < users; user += 1) {
    const space = `user:u${user}`;
    await writeFile(join(home, 'history', `user-u${user}.jsonl`), text.replace('"user:default"', JSON.stringify(space)), { mode: 0o600 });
  }
}

/** The batch of one memory: its input, the memory, and that the input is done with. */
function linesOf(number, { text, subject, run, at: said }) {
  const at = new Date(said).toISOString();
  const ids = [1, 2, 3].map((each) => eventId(number * 3 + each));
  const events = [
    {
      event: 'RECEIVED',
      input: {
        form: 'content',
        turns: [{ role: 'user', content: text, ...(subject ? { name: subject } : {}) }],
        infer: false,
        kind: 'observation',
        at,
      },
    },
    {
      event: 'ADD',
      memory_id: number.toString(36).padStart(14, '0'),
      revision: 1,
      base: 0,
      state: { text, kind: 'observation', said_at: at, ...(subject ? { subject } : {}) },
      source: { input_id: ids[0], role: 'user', turn: 0 },
    },
    { event: 'PROCESSED', input_id: ids[0] },
  ];
  const labels = { device: 'desk', call_id: eventId(number, '7e'), client: 'bench/1', run_id: run };
  const lineOf = (event, index) => ({
    seq: number * events.length + index + 1,
    event_id: ids[index],
    batch: ids[0],
    ...(index === events.length - 1 ? { end: true } : {}),
    at,
    ...labels,
    ...event,
  });
  return events.map((event, index) => `${JSON.stringify(lineOf(event, index))}\n`).join('');
}

/** A UUID of version 7 that grows with its number. */
function eventId(number, kind = '7a') {
  const digits = number.toString(16).padStart(16, '0');
  return `0194${digits.slice(0, 4)}-${digits.slice(4, 8)}-${kind}00-8000-${digits.slice(8).padStart(12, '0')}`;
}
