import { setImmediate as nextTurn } from 'node:timers/promises';
import { createBreather } from '../core/breather.js';

/** Milliseconds that models which work in this process keep its other callers waiting at most, one step of the work apart. */
const longest = 10;

/** Called between the steps of work that may be long. */
export const breathe = createBreather({ longest, now: () => performance.now(), nextTurn: () => nextTurn() });
