import { thresholds } from './ranking/weights.js';

/**
 * Hits, best first, with insights put back as far as their share demands while other kinds remain; nothing is dropped,
 * and the order among insights and among the others stays. What stands at a place follows from what stands before it
 * in the order alone, so the beginning of a longer answer is the shorter one.
 */
export function mixed<T>(hits: readonly T[], isInsight: (hit: T) => boolean): T[] {
  const mix: T[] = [];
  const held: T[] = [];
  let insights = 0;
  const put = (hit: T | undefined) => {
    if (hit === undefined) return;
    mix.push(hit);
    insights += Number(isInsight(hit));
  };
  const hasRoom = () => insights < Math.ceil((mix.length + 1) * thresholds.insights);
  for (const hit of hits) {
    while (held.length > 0 && hasRoom()) put(held.shift());
    if (isInsight(hit) && (held.length > 0 || !hasRoom())) held.push(hit);
    else put(hit);
  }
  return [...mix, ...held];
}
