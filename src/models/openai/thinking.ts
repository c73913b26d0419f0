/** Elements in which reasoning models think aloud before they answer. */
const tags = ['think', 'thinking', 'reasoning', 'thought'];
const whole = new RegExp(`^\\s*<(${tags.join('|')})>[\\s\\S]*</\\1>`);
const lastEnd = new RegExp(`^[\\s\\S]*</(?:${tags.join('|')})>`);

/** An answer that came in one piece, without the thinking that stands before it. */
export function spokenIn(text: string): string {
  return text.replace(whole, '').trim();
}

/** What stands behind the last end of thinking, of which the beginning may be missing. */
export function afterThinking(text: string): string {
  return text.replace(lastEnd, '');
}

/** The pieces of an answer without the thinking that stands before it, wherever the pieces are cut. */
export async function* withoutThinking(pieces: AsyncIterable<string> | Iterable<string>): AsyncGenerator<string> {
  let held = '';
  let closing: string | undefined;
  let speaking = false;
  for await (const piece of pieces) {
    if (speaking) {
      yield piece;
      continue;
    }
    held += piece;
    for (;;) {
      if (closing !== undefined) {
        const end = held.indexOf(closing);
        // Of what is thought only what may be the beginning of the end is needed.
        held = end === -1 ? held.slice(-closing.length) : held.slice(end + closing.length);
        if (end === -1) break;
        closing = undefined;
      }
      held = held.trimStart();
      const opened = tags.find((tag) => held.startsWith(`<${tag}>`));
      if (opened !== undefined) {
        closing = `</${opened}>`;
        continue;
      }
      speaking = !tags.some((tag) => `<${tag}>`.startsWith(held));
      if (speaking) yield held;
      break;
    }
  }
  if (!speaking && closing === undefined && held !== '') yield held;
}
