import { z } from 'zod';
import { acrossSpaces } from './across-spaces.js';
import type { RecalledMemory } from './answers.js';
import type { Core } from './core.js';
import { decodeCursor } from './cursor.js';
import { takePage } from './page.js';
import type { Space } from './ports.js';
import type { Memory } from './projection.js';
import type { Page, RecallOptions, RecallRequest } from './recall-request.js';
import { admission, isKept } from './selection.js';
import type { SpaceView } from './view.js';

const listPlace = z.object({ after: z.tuple([z.string(), z.string()]) });

/** The memories of some spaces that pass, the newest first. */
export async function list(core: Core, request: RecallRequest, { identity, asOf }: RecallOptions): Promise<Page> {
  const place = request.cursor === undefined ? undefined : decodeCursor(request.cursor, listPlace, identity);
  const all = (await passing(core, request, asOf)).sort(compareNewest);
  const rest = place ? all.filter((memory) => compareNewest(memory, { created_at: place.after[0], id: place.after[1] }) > 0) : all;
  const { memories, taken } = takePage(
    rest.map((memory) => ({ memory })),
    request.limit,
    core.zone,
  );
  const last = rest[taken - 1];
  const next = rest.length > taken && last ? { next: { after: [last.created_at, last.id] } } : {};
  return { memories, ...next, total: all.length, degraded: [] };
}

/** The newest live memories of some spaces, as many as one answer may hold. Looking at them is no recall. */
export async function newest(core: Core, spaces: readonly Space[], limit: number): Promise<RecalledMemory[]> {
  const all = (await passing(core, { spaces, limit }, undefined)).sort(compareNewest);
  return takePage(
    all.slice(0, limit).map((memory) => ({ memory })),
    limit,
    core.zone,
  ).memories;
}

/** All memories of some spaces that pass, as they are, or as they were at the instant `asOf` (milliseconds); in no order. */
export async function passing(core: Core, request: RecallRequest, asOf: number | undefined): Promise<Memory[]> {
  const now = core.clock.now();
  const instant = asOf !== undefined && asOf < now ? asOf : undefined;
  const passes = admission(core, request, instant ?? now);
  const found = await acrossSpaces(request.spaces, (space) => {
    const open = core.spaces.open(space);
    if (instant === undefined) return open.read((view) => memoriesIn(view).filter(passes));
    return open.readAsOf(instant, (then, current) => memoriesIn(then).filter((memory) => passes(memory) && isKept(memory, current)));
  });
  return found.flat();
}

const memoriesIn = ({ projection }: SpaceView) => [...projection.memories.values()];

/** created_at, then id, both descending. */
export function compareNewest(a: Pick<Memory, 'created_at' | 'id'>, b: Pick<Memory, 'created_at' | 'id'>): number {
  if (a.created_at !== b.created_at) return a.created_at < b.created_at ? 1 : -1;
  return a.id < b.id ? 1 : a.id > b.id ? -1 : 0;
}
