import type { RecallAnswer } from './answers.js';
import { momentArgument } from './arguments.js';
import type { Call, Core } from './core.js';
import { encodeCursor } from './cursor.js';
import { defined } from './facts.js';
import { latestProjects } from './latest-projects.js';
import { list } from './listing.js';
import { profile } from './profile.js';
import type { Page, RecallOptions, RecallRequest } from './recall-request.js';
import { search } from './search.js';

/** Answers a query, gives the profile, or lists the newest without either. Raises KeepsakeErrors invalid_argument and cursor_invalid. */
export async function recall(core: Core, request: RecallRequest, call: Call): Promise<RecallAnswer> {
  const { as_of, now, everywhere, spaces } = request;
  const identity = { ...request, spaces: everywhere ? spaces[0] : spaces, limit: undefined, cursor: undefined, caller: call.caller };
  const options: RecallOptions = {
    call,
    identity,
    asOf: as_of === undefined ? undefined : momentArgument('as_of', as_of, { zone: core.zone, edge: 'end' }),
    now: now === undefined ? undefined : momentArgument('now', now, { zone: core.zone, edge: 'start' }),
  };
  const { spaces: looked, left } = everywhere ? await latestProjects(core, spaces) : { spaces, left: undefined };
  const page = await pageOf(core, { ...request, spaces: looked }, options);
  const degraded = [...page.degraded, ...(left === undefined ? [] : [left])];
  const { memories } = page;
  const at = new Date(core.clock.now()).toISOString();
  core.accesses.record({ at, client: call.client, call_id: call.id, looking: call.looking, memories });
  return defined({
    memories,
    next_cursor: page.next && encodeCursor(page.next, identity),
    total: page.total,
    degraded: degraded.length > 0 ? degraded : undefined,
  });
}

function pageOf(core: Core, request: RecallRequest, options: RecallOptions): Promise<Page> {
  const { query } = request;
  if (request.profile) return profile(core, request, options);
  return query === undefined || query.trim() === '' ? list(core, request, options) : search(core, { ...request, query }, options);
}
