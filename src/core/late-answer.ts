/**
 * An answer that may come late: until it is there, whichever of it and its stand-in came first is given; from then on
 * the answer itself. Raises what the first of the two raises.
 */
export function lateAnswer<T>(answer: Promise<T>, standIn: Promise<T>): () => Promise<T> {
  let best: Promise<T> = Promise.race<Promise<T>>([answer, standIn]);
  answer.then(
    () => {
      best = answer;
    },
    // Who asks hears of it from the race.
    () => undefined,
  );
  return () => best;
}
