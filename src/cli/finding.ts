import { messageOf } from '../core/errors.js';

/** How a part is: as it should be, working with less than it could have, or broken. */
export type Standing = 'ok' | 'note' | 'broken';

/** What was found out about one part. */
export interface Finding {
  part: string;
  standing: Standing;
  /** One line for people; holds no key. */
  text: string;
  /** What to do about it, where something is wrong or could be better. */
  fix?: string | undefined;
  /** The same for programs. */
  data: Record<string, unknown>;
}

/** A part that does not work. */
export function broken(part: string, error: unknown, fix?: string): Finding {
  return { part, standing: 'broken', text: messageOf(error), fix, data: {} };
}

/** A part that works, with less than it could have if there is something to be said. */
export function working(part: string, text: string, more: { data: Finding['data']; note?: string | false | undefined }): Finding {
  const { data, note } = more;
  return note ? { part, standing: 'note', text, fix: note, data } : { part, standing: 'ok', text, data };
}

/** A number with what is counted. */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}
