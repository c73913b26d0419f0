import { z } from 'zod';
import { gate } from '../core/gate.js';

/** One turn of a conversation, without what tools and clients added to it. */
export interface TranscriptTurn {
  role: 'user' | 'assistant';
  content: string;
  /** ISO 8601. */
  at?: string | undefined;
}

const part = z.looseObject({ type: z.string(), text: z.string().optional() });
const line = z.looseObject({
  type: z.enum(['user', 'assistant']),
  isMeta: z.boolean().optional(),
  isSidechain: z.boolean().optional(),
  isCompactSummary: z.boolean().optional(),
  timestamp: z.iso.datetime({ offset: true }).optional().catch(undefined),
  message: z.looseObject({ content: z.union([z.string(), z.array(part)]) }),
});

/**
 * The turn that a line of a Claude Code transcript holds; undefined for one that holds none: results of tools, words of
 * the client itself and of other agents, summaries, thoughts, and what was recalled.
 */
export function turnOf(text: string): TranscriptTurn | undefined {
  const read = line.safeParse(jsonOf(text));
  if (!read.success) return undefined;
  const { type, isMeta, isSidechain, isCompactSummary, timestamp, message } = read.data;
  if (isMeta || isSidechain || isCompactSummary) return undefined;
  const { content } = message;
  const texts = typeof content === 'string' ? [content] : content.filter((item) => item.type === 'text').map((item) => item.text ?? '');
  const said = gate(texts.join('\n')).learnable;
  return said === '' ? undefined : { role: type, content: said, at: timestamp };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    // The last line may be half written.
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What one call of remember takes. */
const most = { turns: 1000, characters: 200_000 };

/** Turns in groups that one call takes each, those that are too long in pieces. */
export function inCalls(turns: readonly TranscriptTurn[]): TranscriptTurn[][] {
  const pieces = turns.flatMap(({ content, ...turn }) =>
    Array.from({ length: Math.ceil(content.length / most.characters) }, (_, index) => ({
      ...turn,
      content: content.slice(index * most.characters, (index + 1) * most.characters),
    })),
  );
  const calls: TranscriptTurn[][] = [];
  let length = 0;
  for (const piece of pieces) {
    const call = calls.at(-1);
    length += piece.content.length;
    if (call && call.length < most.turns && length <= most.characters) call.push(piece);
    else {
      calls.push([piece]);
      length = piece.content.length;
    }
  }
  return calls;
}
