import type { SkippedPart } from './events.js';
import { excerpt } from './gate.js';
import { redact } from './redaction.js';

/** Parts that one answer names; the last of them counts the rest. */
const mostParts = 100;

/**
 * The parts as an answer and the log may hold them, whoever wrote them: redacted, each text and reason of at most
 * 200 UTF-16 units, at most 100 in all, the last of which says how many more there were.
 */
export function boundedParts(parts: readonly SkippedPart[]): SkippedPart[] {
  const shown = parts.length <= mostParts ? parts : parts.slice(0, mostParts - 1);
  const left = parts.length - shown.length;
  return [
    ...shown.map(({ text, reason }) => ({ text: shortened(text), reason: shortened(reason) })),
    ...(left > 0 ? [{ text: '', reason: `${left} more parts, which are not listed` }] : []),
  ];
}

function shortened(text: string): string {
  return excerpt(redact(text).text);
}
