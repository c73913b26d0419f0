import { describe, expect, it } from 'vitest';
import { piecesOf, type TranscriptPiece } from '../../src/install/transcript.js';

const at = (second: number) => `2026-03-01T10:00:${String(second).padStart(2, '0')}.000Z`;
const line = (content: string, second: number) => JSON.stringify({ type: 'user', timestamp: at(second), message: { content } });

/** The pieces of lines that are ten bytes each, as far as their offsets tell. */
async function pieces(
  texts: string[],
  { last, skipKnown = false }: { last?: string; skipKnown?: boolean } = {},
): Promise<TranscriptPiece[]> {
  async function* lines() {
    for (const [index, text] of texts.entries()) yield { text, end: (index + 1) * 10 };
  }
  const state = { offset: 0, ...(last !== undefined && { last }) };
  const found: TranscriptPiece[] = [];
  for await (const piece of piecesOf(lines(), { state, skipKnown })) found.push(piece);
  return found;
}

describe('a transcript', () => {
  it('comes in pieces that one call takes, each with how far it is remembered then', async () => {
    const long = 'a'.repeat(30_000);
    const found = await pieces([line(long, 1), line(long, 2), '{"type":"summary"}', line('b', 3)]);
    expect(found.map(({ turns, reached }) => [turns.map(({ content }) => content.length), reached])).toEqual([
      [[30_000], { offset: 10, last: at(1) }],
      [[30_000, 1], { offset: 40, last: at(3) }],
    ]);
  });

  it('has a turn cut that is longer than a call takes, and counts it only once all of it is remembered', async () => {
    const found = await pieces([line('a'.repeat(120_000), 1)]);
    expect(found.map(({ turns, reached }) => [turns.map(({ content }) => content.length), reached.offset])).toEqual([
      [[50_000], 0],
      [[50_000], 0],
      [[20_000], 10],
    ]);
  });

  it('has no character cut in two, and is cut behind a line where there is one', async () => {
    const contents = async (text: string) =>
      (await pieces([line(text, 1)])).map(({ turns }) => turns.map(({ content }) => content).join('|'));
    expect(await contents(`${'a'.repeat(49_999)}😀b`)).toEqual(['a'.repeat(49_999), '😀b']);
    expect(await contents(`${'a'.repeat(40_000)}\n${'b'.repeat(20_000)}`)).toEqual([`${'a'.repeat(40_000)}\n`, 'b'.repeat(20_000)]);
  });

  it('that was written anew is taken from where it was left', async () => {
    const [piece] = await pieces([line('a', 1), line('b', 2), line('c', 3)], { last: at(2), skipKnown: true });
    expect(piece).toEqual({ turns: [{ role: 'user', content: 'c', at: at(3) }], reached: { offset: 30, last: at(3) } });
  });
});
