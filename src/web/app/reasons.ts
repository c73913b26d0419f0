/** What the program gives as a reason, in another language; `ID` stands for the ids in it. */
export type Reasons = Readonly<Record<string, string>>;

/** One id or several: 14 letters and digits of a memory, or a call's UUID. */
const ids = /\b(?:[0-9a-z]{14}|[0-9a-f]+(?:-[0-9a-f]+){4})\b(?:, [0-9a-z]{14}\b)*/;

/**
 * A reason in another language; undefined where the program has not said any part of it. Of several parts, divided by
 * semicolons, those that a model or a person said stay as they are.
 */
export function reasonIn(reasons: Reasons, words: string): string | undefined {
  const parts = words.split('; ');
  const translated = parts.map((part) => {
    const [named = 'ID'] = ids.exec(part) ?? [];
    return reasons[part.replace(ids, 'ID')]?.replace('ID', () => named);
  });
  return translated.some((part) => part !== undefined) ? translated.map((part, index) => part ?? parts[index]).join('; ') : undefined;
}
