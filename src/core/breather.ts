/** What long work calls now and then, so that others have their turns. */
export type Breather = () => Promise<void>;

/** Gives up the turn once the work has gone on for so many milliseconds since it last did; `nextTurn` resolves in the next one. */
export function createBreather({
  longest,
  now,
  nextTurn,
}: {
  longest: number;
  now: () => number;
  nextTurn: () => Promise<unknown>;
}): Breather {
  let since = now();
  return async () => {
    if (now() - since < longest) return;
    await nextTurn();
    since = now();
  };
}
