import type { Principal } from '../core/principal.js';
import type { Stats } from '../core/stats.js';
import type { Readiness } from '../operation/readiness.js';
import type { Health } from './api.js';

/** What is known of the server besides its memories. */
export interface Watched {
  readiness(): Promise<Readiness>;
  /** Damage that was met in the history, one sentence each. */
  problems(): string[];
  /** Why the vector index or its model fails; undefined while they work. */
  indexFault(): string | undefined;
  /** Milliseconds since 1970. */
  now(): number;
}

/** Milliseconds that an input may wait for its model before that counts as a problem. */
const longWait = 15 * 60_000;
/** Damages that are named one by one. */
const mostDamages = 20;

/** What a caller is told of the server's health: of its spaces everything, of the whole home what is open to it. */
export async function healthOf(
  { version, stats, principal }: { version: string; stats: Stats; principal: Principal },
  watched: Watched,
): Promise<Health> {
  const { log, index } = await watched.readiness();
  const isOwner = principal.spaces === 'all';
  const problems = [
    ...(log === 'unavailable' ? ['The history cannot be written, so that nothing new is kept; keepsake-mcp doctor says why.'] : []),
    ...(index === 'degraded' ? [degraded(isOwner ? watched.indexFault() : undefined)] : []),
    ...stats.unreadable.map(({ space, reason }) => `${space} cannot be read: ${reason}`),
    ...waiting(stats, watched.now()),
    ...(isOwner ? damages(watched.problems()) : []),
  ];
  return { version, status: problems.length > 0 ? 'degraded' : 'well', problems, stats };
}

function degraded(fault: string | undefined): string {
  const reason = fault === undefined ? '' : ` (${fault})`;
  return `The vector index or the embedding model fails${reason}, so that recall finds by words alone; keepsake-mcp doctor says what would help.`;
}

/** One sentence where inputs have waited for long. */
function waiting({ spaces }: Stats, now: number): string[] {
  const late = spaces.flatMap(({ pending }) =>
    pending.since !== undefined && now - Date.parse(pending.since) > longWait ? [pending] : [],
  );
  const [oldest] = late.flatMap(({ since }) => since ?? []).sort();
  const inputs = late.reduce((sum, pending) => sum + pending.inputs, 0);
  if (oldest === undefined) return [];
  return [`${inputs} inputs wait for the model, the first since ${oldest}; keepsake-mcp doctor says whether it answers.`];
}

function damages(found: readonly string[]): string[] {
  const left = found.length - mostDamages;
  return [...found.slice(0, mostDamages), ...(left > 0 ? [`and ${left} more; keepsake-mcp verify names them all.`] : [])];
}
