import { type App, openApp } from '../app.js';
import type { Config } from '../config.js';
import { chromaObstacle } from '../configured-index.js';
import { messageOf } from '../core/errors.js';
import type { Space } from '../core/ports.js';
import { ownSpaces } from '../core/space.js';
import type { Kinds, SpaceStats, Stats } from '../core/stats.js';
import { formatInstant } from '../core/time/instants.js';
import { currentProject } from '../current-project.js';
import { createLogger } from '../logger.js';
import { nothingYet } from './command-words.js';
import { counted } from './finding.js';
import { relative, shownMoment } from './moments.js';
import { type Cell, table } from './table.js';
import { isForPeople, styled } from './terminal.js';

/**
 * Prints what each space of the home holds and what waits in it, the user's own and the current project's first, or
 * with `json` the same as data. Changes nothing. Resolves with the exit code: 1 when a space cannot be read.
 */
export async function stats(config: Config, { json, signal }: { json: boolean; signal: AbortSignal }): Promise<number> {
  const app = await openApp(config, { logger: createLogger('error'), onlooker: true });
  try {
    const note = await openIndex(app, signal);
    const found = await app.keepsake.stats(await spacesOf(app), signal);
    const here = inZone(found, config.zone);
    const nothing = found.spaces.length + found.unreadable.length === 0 ? [nothingYet(config.home)] : [];
    process.stdout.write(
      json
        ? `${JSON.stringify(found, undefined, 2)}\n`
        : `${[...(isForPeople() ? pageOf(here, Date.now()) : linesOf(here)), ...waitingFor(here, app), ...nothing, ...note].join('\n')}\n`,
    );
    return found.unreadable.length === 0 ? 0 : 1;
  } finally {
    await app.close();
  }
}

/** Opens the index that the servers of the home share, and says why not where that is so. */
async function openIndex({ config, home, embedder, vectors }: App, signal: AbortSignal): Promise<string[]> {
  const obstacle = config.store === 'embedded' ? 'as configured' : await chromaObstacle(config, home);
  if (obstacle !== undefined) return [`The index is the built-in one, which each server fills for itself (${obstacle}).`];
  if (embedder.dimension === 0) return ['The index is not looked at: it takes an answer of the embedding model; doctor asks for one.'];
  try {
    await vectors.open(embedder.dimension);
    return [];
  } catch (error) {
    signal.throwIfAborted();
    return [`The index is not looked at: ${messageOf(error)}.`];
  }
}

/** Says it where what waits for a model has none in this program. */
function waitingFor({ spaces }: Stats, { core }: App): string[] {
  const isVain = !core.extractor.remote && spaces.some(({ pending }) => pending.inputs > 0);
  return isVain ? ['What waits, waits for a model, and none is configured here; doctor says what becomes of it.'] : [];
}

async function spacesOf({ config, keepsake }: App): Promise<Space[]> {
  const project = await currentProject(config, []);
  const own = ownSpaces(config.user, project);
  const all = (await keepsake.spaces()).sort();
  return [...own.filter((space) => all.includes(space)), ...all.filter((space) => !own.includes(space))];
}

/** The same with times as the owner's clocks show them. */
function inZone(found: Stats, zone: string): Stats {
  const spaces = found.spaces.map(({ last_change, ...space }) => ({
    ...space,
    ...(last_change === undefined ? {} : { last_change: formatInstant(Date.parse(last_change), zone) }),
  }));
  return { ...found, spaces };
}

function pageOf(found: Stats, now: number): string[] {
  const rows = found.spaces.map(
    ({ space, pending, live, expired, forgotten, erased, events, bytes, last_change, index, reflection }): Cell[] => {
      const gone = Object.entries({ expired, forgotten, erased }).flatMap(([name, kinds]) =>
        sumOf(kinds) > 0 ? [`${sumOf(kinds)} ${name}`] : [],
      );
      const waiting = [
        pending.inputs > 0 && `${counted(pending.inputs, 'input')} for the model`,
        index !== undefined && index.behind > 0 && `${counted(index.behind, 'memory', 'memories')} for the index`,
        reflection.fresh > 0 && `${counted(reflection.fresh, 'memory', 'memories')} for a reflection`,
      ].filter((each) => each !== false);
      return [
        [{ text: space, style: 'bold' }],
        [
          { text: `${sumOf(live)} live` },
          ...Object.entries(live).map(([kind, count]) => ({ text: `${count} ${kind}`, style: 'dim' as const })),
        ],
        gone.map((text) => ({ text, style: 'dim' })),
        waiting.map((text) => ({ text })),
        [{ text: counted(events, 'event') }, { text: `${Math.ceil(bytes / 1000)} kB`, style: 'dim' }],
        last_change === undefined ? '' : [{ text: shownMoment(last_change) }, { text: relative(last_change, now), style: 'dim' }],
      ];
    },
  );
  const drawn = rows.length > 0 ? [table(['Space', 'Memories', 'Gone', 'Waiting', 'Log', 'Last change'], rows, { flexible: 3 })] : [];
  return [...drawn, ...linesOf({ ...found, spaces: [] })];
}

function linesOf({ spaces, unreadable, omitted, models }: Stats): string[] {
  const { chat, embedding, reranker = 'off' } = models;
  return [
    ...spaces.flatMap(spaceLines),
    ...unreadable.map(({ space, reason }) => `${styled('red', space)}  ${reason}`),
    ...(omitted > 0 ? [`and ${counted(omitted, 'more space')}`] : []),
    `models: chat ${chat}, embedding ${embedding}, reranker ${reranker}`,
  ];
}

function spaceLines(found: SpaceStats): string[] {
  const { space, pending, events, bytes, last_change, index, reflection } = found;
  const standings = (['live', 'expired', 'forgotten', 'erased'] as const).flatMap((name) => standingOf(found[name], name));
  return [
    styled('bold', space),
    `  memories   ${standings.join(', ') || 'none'}`,
    ...(pending.inputs > 0
      ? [
          `  waiting    ${counted(pending.inputs, 'input')}, ${counted(pending.characters, 'character')}${pending.bytes > 0 ? `, ${counted(pending.bytes, 'byte')} attached` : ''}, since ${pending.since}`,
        ]
      : []),
    `  log        ${counted(events, 'event')}, ${Math.ceil(bytes / 1000)} kB, last change ${last_change ?? 'never'}`,
    `  reflected  ${reflection.up_to === 0 ? 'never' : `up to event ${reflection.up_to}`}, ${counted(reflection.fresh, 'memory', 'memories')} since`,
    ...(index
      ? [
          `  index      ${index.behind === 0 ? 'up to date' : `${counted(index.behind, 'memory', 'memories')} behind`}, at event ${index.sequence}`,
        ]
      : []),
  ];
}

/** Such as "12 live (10 observation, 2 insight)"; nothing where there is none. */
function standingOf(kinds: Kinds, name: string): string[] {
  const entries = Object.entries(kinds);
  const sum = sumOf(kinds);
  return sum === 0 ? [] : [`${sum} ${name} (${entries.map(([kind, count]) => `${count} ${kind}`).join(', ')})`];
}

const sumOf = (kinds: Kinds) => Object.values(kinds).reduce((total, count) => total + count, 0);
