/**
 * Aborts with the first of some signals, as AbortSignal.any does. But that one refers to its sources weakly: a time limit
 * that nobody else holds is collected in Node 20, and never comes.
 */
export function firstSignal(...signals: AbortSignal[]): AbortSignal {
  return Object.assign(AbortSignal.any(signals), { sources: signals });
}
