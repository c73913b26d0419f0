import { z } from 'zod';
import type { Core } from './core.js';
import { decodeCursor } from './cursor.js';
import { takePage } from './page.js';
import type { Page, RecallOptions, RecallRequest } from './recall-request.js';
import { admission, isKept } from './selection.js';
import type { SpaceView } from './view.js';

const listPlace = z.object({ after: z.tuple([z.string(), z.string()]) });

/** The memories of some spaces that pass, the newest first. */
export async function list(core: Core, request: RecallRequest, { identity, asOf }: RecallOptions): Promise<Page> {
  const place = request.cursor === undefined ? undefined : decodeCursor(request.cursor, listPlace, identity);
  const now = core.clock.now();
  const instant = asOf !== undefined && asOf < now ? asOf : undefined;
  const passes = admission(core, request, instant ?? now);
  const found = await Promise.all(
    request.spaces.map((space) => {
      const open = core.spaces.open(space);
      if (instant === undefined) return open.read((view) => memoriesIn(view).filter(passes));
      return open.readAsOf(instant, (then, current) => memoriesIn(then).filter((memory) => passes(memory) && isKept(memory, current)));
    }),
  );
  const all = found.flat().sort((a, b) => compareNewest(a.created_at, a.id, b.created_at, b.id));
  const rest = place ? all.filter((memory) => compareNewest(memory.created_at, memory.id, ...place.after) > 0) : all;
  const { memories, taken } = takePage(
    rest.map((memory) => ({ memory })),
    request.limit,
    core.zone,
  );
  const last = rest[taken - 1];
  const next = rest.length > taken && last ? { next: { after: [last.created_at, last.id] } } : {};
  return { memories, ...next, total: all.length, degraded: [] };
}

const memoriesIn = ({ projection }: SpaceView) => [...projection.memories.values()];

/** created_at, then id, both descending. */
function compareNewest(createdA: string, idA: string, createdB: string, idB: string): number {
  if (createdA !== createdB) return createdA < createdB ? 1 : -1;
  return idA < idB ? 1 : idA > idB ? -1 : 0;
}
