/**
 * Sequences that steer a terminal (ECMA-48), whole: colours and cursor moves, titles and links with their text as far
 * as they are closed on their line, character sets and single commands.
 */
const escapeSequence =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
  /(?:\u001b\[|\u009b)[0-?]*[ -/]*[@-~]|(?:\u001b[\]PX^_]|[\u009d\u0090\u0098\u009e\u009f])[^\u0000-\u001f\u007f-\u009f]*(?:\u0007|\u001b\\|\u009c)|\u001b(?:[#-/]+[0-~]|[=>78cDEHMNOZ])/g;

/** The text without what steers a terminal and without control characters, line feed and tab excepted. Linear in the text. */
export function withoutControls(text: string): string {
  return text.replace(escapeSequence, '').replace(/(?![\n\t])\p{Cc}/gu, '');
}

/** A sequence that has begun and of which more may follow; one that names something is waited for 200 characters long. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const begunSequence = /(?:\u001b(?:\[[0-?]*[ -/]*|[\]PX^_][^\u0000-\u001f\u007f-\u009f]{0,200}\u001b?|[#-/]*)|\u009b[0-?]*[ -/]*)$/;

/** Takes the pieces of a text and gives what can be shown of it by then: a sequence that is cut in two is no text either. */
export function createControlFilter(): { next(piece: string): string; rest(): string } {
  let held = '';
  return {
    next(piece) {
      const text = held + piece;
      const begun = begunSequence.exec(text)?.index ?? text.length;
      held = text.slice(begun);
      return withoutControls(text.slice(0, begun));
    },
    rest() {
      const text = held;
      held = '';
      return withoutControls(text);
    },
  };
}
