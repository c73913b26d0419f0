import { styleText } from 'node:util';
import { withoutControls } from '../core/control-characters.js';

/** A colour or weight of text. */
export type Style = 'bold' | 'cyan' | 'dim' | 'green' | 'red' | 'yellow';

/** Text in a style on a terminal that shows colours; elsewhere, and with NO_COLOR, the text as it is. */
export function styled(style: Style, text: string): string {
  return process.stdout.isTTY && process.stdout.hasColors() ? styleText(style, text) : text;
}

/** Text that cannot move the cursor, colour or reorder what stands beside it: no escape sequences, no control characters but line feed and tab. */
export function plain(text: string): string {
  return withoutControls(text).replace(/[\u202a-\u202e\u2066-\u2069]/g, '');
}

/** Whether the answer is shown to a person rather than read by a program or put into a file. */
export function isForPeople(): boolean {
  return process.stdout.isTTY;
}

/** Columns of the terminal that the answer is shown on; 80 where it has none. */
export function terminalColumns(): number {
  return process.stdout.columns || 80;
}
