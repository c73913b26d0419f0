import forget from './forget.js';
import memoryHistory from './memory-history.js';
import recall from './recall.js';
import remember from './remember.js';
import type { Tool } from './tool.js';

/** The tools, in the order in which they are listed. */
export const tools: readonly Tool[] = [remember, recall, forget, memoryHistory];
