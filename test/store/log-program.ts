import { writeSync } from 'node:fs';
import { KeepsakeError } from '../../src/core/errors.js';
import type { Position, Space } from '../../src/core/ports.js';
import { append, batchOf, openLog, start } from './log-fixtures.js';

/**
 * A process that writes to a history: "write HOME SPACE NAME COUNT" appends COUNT batches, "big HOME SPACE BYTES" one
 * of that size; "stall HOME SPACE NAME" and "stall-rewrite HOME SPACE" say "held" under the lock, stop, and go on with
 * their write when they are continued.
 */
const [task, home = '', name = '', label = '', count = '0'] = process.argv.slice(2);
const space = name as Space;
const { log } = openLog(home);

function say(line: unknown): void {
  writeSync(1, `${line}\n`);
}

function stop(): void {
  say('held');
  process.kill(process.pid, 'SIGSTOP');
}

async function outcomeOf(write: Promise<Position>): Promise<void> {
  say(
    await write.then(
      ({ sequence }) => `written up to ${sequence}`,
      (error: Error) => (error instanceof KeepsakeError ? error.code : error.name),
    ),
  );
}

switch (task) {
  case 'write':
    for (let number = 0; number < Number(count); number += 1) await append(log, space, [`${label}-${number}a`, `${label}-${number}b`]);
    break;
  case 'big':
    await outcomeOf(append(log, space, ['x'.repeat(Number(label))]));
    say(`${(await log.read(space, start)).events.length} events`);
    await outcomeOf(append(log, space, ['small']));
    break;
  case 'stall':
    await outcomeOf(
      log.append(space, start, (missed) => {
        stop();
        return batchOf(missed.position.sequence + 1, [`${label}-a`, `${label}-b`], label);
      }),
    );
    break;
  case 'stall-rewrite':
    await outcomeOf(
      log.rewrite(space, start, (missed) => {
        stop();
        return { events: (events) => [...events, ...batchOf(missed.position.sequence + 1, ['rewritten'])] };
      }),
    );
    break;
}
