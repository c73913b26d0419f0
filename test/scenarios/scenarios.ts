import { changes } from './changes.js';
import { conversations } from './conversations.js';
import { dates } from './dates.js';
import type { Scenario } from './scenario.js';
import { texts } from './texts.js';

/** All scenarios, in the order of their page. */
export const scenarios: Scenario[] = [...conversations, ...dates, ...changes, ...texts];
