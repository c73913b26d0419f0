import { createHash } from 'node:crypto';
import type { Event } from '../core/events.js';

/** Events as the bytes of a log file, each line closed by the checksum of what stands before it. */
export function encodeEvents(events: Event[]): Buffer {
  return Buffer.from(events.map((event) => `${sealed(event)}\n`).join(''));
}

function sealed(event: Event): string {
  const body = JSON.stringify(event).slice(0, -1);
  return `${body},"sum":"${checksum(body)}"}`;
}

/** First 8 hex digits of the SHA-256 of a line's text up to `,"sum"`. */
export function checksum(body: string): string {
  return createHash('sha256').update(body).digest('hex').slice(0, 8);
}

/** A line as the event that it holds, without its checksum. Raises SyntaxError. */
export function parseLine(line: string): unknown {
  const value: unknown = JSON.parse(line);
  if (typeof value === 'object' && value !== null && 'sum' in value) delete value.sum;
  return value;
}
