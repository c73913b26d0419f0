import { acrossSpaces } from './across-spaces.js';
import type { Core } from './core.js';
import type { Space } from './ports.js';

/** Projects that one answer looks at: a home may have thousands, each of which would have to be loaded. */
export const mostProjects = 200;

/** As many of some spaces as are wanted: of more those whose logs were written to last, the latest first. */
export async function writtenLast(core: Core, spaces: readonly Space[], most: number): Promise<Space[]> {
  if (spaces.length <= most) return [...spaces];
  const changes = await acrossSpaces(spaces, async (space) => ({ space, at: await core.spaces.changedAt(space) }));
  const latest = changes.sort((a, b) => b.at - a.at || (a.space < b.space ? -1 : 1)).slice(0, most);
  return latest.map(({ space }) => space);
}

/**
 * Of the spaces of a call that means every project those that it looks at, in their order: of too many projects the
 * ones whose logs were written to last. `left` says what that leaves out.
 */
export async function latestProjects(core: Core, spaces: readonly Space[]): Promise<{ spaces: Space[]; left?: string }> {
  const projects = spaces.filter((space) => space.startsWith('project:'));
  if (projects.length <= mostProjects) return { spaces: [...spaces] };
  const chosen = new Set(await writtenLast(core, projects, mostProjects));
  return {
    spaces: spaces.filter((space) => !space.startsWith('project:') || chosen.has(space)),
    left: `projects: ${projects.length - mostProjects} of ${projects.length} were left out, those not written to for longest; name one as project to search it`,
  };
}
