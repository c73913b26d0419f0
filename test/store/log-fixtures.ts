import type { Event } from '../../src/core/events.js';
import type { HistoryLog, Logger, Position, Space } from '../../src/core/ports.js';
import { openHistoryLog } from '../../src/store/history-log.js';

/** Before the first event of any log. */
export const start: Position = { generation: 0, sequence: 0 };

/** A batch of ADD events, the first of them numbered `first`. */
export function batchOf(first: number, texts: string[], name = `batch-${first}`): Event[] {
  return texts.map((text, index) => ({
    seq: first + index,
    event_id: index === 0 ? name : `${name}-${index}`,
    call_id: 'call',
    batch: name,
    ...(index === texts.length - 1 ? { end: true as const } : {}),
    at: '2024-01-01T00:00:00.000Z',
    device: 'test',
    event: 'ADD' as const,
    memory_id: text,
    revision: 1,
    base: 0,
    state: { text, kind: 'observation' as const, said_at: '2024-01-01T00:00:00.000Z' },
  }));
}

/** Events as the lines of a log. */
export function linesOf(events: object[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

/** The texts that events add. */
export function textsOf(events: Event[]): string[] {
  return events.map((event) => ('state' in event ? event.state.text : event.event));
}

/** A history of a folder, with what it logs. */
export function openLog(home: string): { log: HistoryLog; warnings: unknown[] } {
  const warnings: unknown[] = [];
  const drop = () => undefined;
  const logger: Logger = { debug: drop, info: drop, error: drop, warn: (_, fields) => warnings.push(fields?.problem) };
  return {
    log: openHistoryLog({ folder: home, lockFolder: `${home}/locks`, checkpointFolder: `${home}/checkpoints`, shape: 'test', logger }),
    warnings,
  };
}

/** Appends one event a text as one batch, whatever was there before. */
export function append(log: HistoryLog, space: Space, texts: string[], from = start): Promise<Position> {
  return log.append(space, from, (missed) => batchOf(missed.position.sequence + 1, texts, `batch-${process.pid}-${texts[0]}`));
}
