import { type App, auditHome, openApp } from '../app.js';
import type { Config } from '../config.js';
import { chromaObstacle } from '../configured-index.js';
import { messageOf } from '../core/errors.js';
import { firstSignal } from '../core/first-signal.js';
import type { Space, VectorIndex } from '../core/ports.js';
import type { OpenSpace } from '../core/spaces.js';
import { indexFlaws } from '../core/verify.js';
import { createLogger } from '../logger.js';
import { plain, styled } from './terminal.js';

/** Something that is wrong: with a line, with a file, or, without either, with what is made from the history. */
export interface Finding {
  space?: Space;
  /** A file in the history folder, or `index` or `memory` for what is made from it. */
  file: string;
  line?: number;
  text: string;
}

interface Report {
  sound: boolean;
  spaces: { space: Space; file: string; events: number; memories: number }[];
  findings: Finding[];
  /** What could not be compared, and why; no damage. */
  notes: string[];
}

/** Milliseconds that the index of a space gets to catch up with its log and to be listed. */
const indexLimit = 300_000;

/**
 * Checks the history line by line, and that memory and index hold what it says. Changes no history: at most the index
 * catches up, as with any program. Prints one line a finding, or with `json` all as data. Resolves with the exit code:
 * 1 when something was found.
 */
export async function verify(config: Config, { json, signal }: { json: boolean; signal: AbortSignal }): Promise<number> {
  const { logs, flaws } = await auditHome(config);
  const report: Report = {
    sound: true,
    spaces: logs.map(({ space, file, events, live }) => ({ space, file, events, memories: live.size })),
    findings: [...flaws],
    notes: [],
  };
  if (logs.length === 0 && flaws.length === 0) report.notes.push('there is no history yet; KEEPSAKE_HOME says where it is looked for');
  // Opening a home makes it: where there is nothing to compare, nothing is opened.
  if (logs.length > 0) {
    const app = await openApp(config, { logger: createLogger('error'), onlooker: true });
    try {
      for (const log of logs) if (!flaws.some(({ file }) => file === log.file)) report.findings.push(...(await beliefFlaws(app, log)));
      await compareIndex(app, { spaces: logs.map(({ space }) => space), report, signal });
    } finally {
      await app.close();
    }
  }
  report.sound = report.findings.length === 0;
  process.stdout.write(json ? `${JSON.stringify(report, undefined, 2)}\n` : textOf(report, config.home));
  return report.sound ? 0 : 1;
}

/** How what a server believes of a space differs from its sound log; nothing while others write to it. */
async function beliefFlaws(app: App, log: { space: Space; events: number; live: Map<string, number> }): Promise<Finding[]> {
  const { sequence, live } = await app.core.spaces.open(log.space).read(({ projection }) => ({
    sequence: projection.position.sequence,
    live: new Map([...projection.memories].flatMap(([id, { status, revision }]) => (status === 'live' ? [[id, revision] as const] : []))),
  }));
  if (sequence !== log.events) return [];
  return indexFlaws(log.live, live).map((text) => ({ space: log.space, file: 'memory', text }));
}

async function compareIndex(app: App, { spaces, report, signal }: { spaces: Space[]; report: Report; signal: AbortSignal }): Promise<void> {
  const obstacle = app.config.store === 'embedded' ? 'as configured' : await chromaObstacle(app.config, app.home);
  if (obstacle !== undefined) {
    report.notes.push(`index: each program makes the built-in one for itself, there is none to compare (${obstacle})`);
    return;
  }
  for (const space of spaces) {
    const limited = firstSignal(signal, AbortSignal.timeout(indexLimit));
    try {
      const open = app.core.spaces.open(space);
      await app.vectors.catchUp(open, limited);
      const index = app.vectors.index();
      if (index) report.findings.push(...(await differences(open, index, limited)).map((text) => ({ space, file: 'index', text })));
    } catch (error) {
      signal.throwIfAborted();
      report.notes.push(`index: ${space} was not compared: ${messageOf(error)}`);
    }
  }
}

/** How the index differs from what is believed, as far as it has followed the log; others may go on writing meanwhile. */
async function differences({ space, read }: OpenSpace, index: VectorIndex, signal: AbortSignal): Promise<string[]> {
  let found: string[] = [];
  await index.advance(
    space,
    async ({ sequence }) => {
      const records = await index.records(space, signal);
      found = await read(({ projection }) => {
        const live = new Map<string, number>();
        for (const { id, status, revision, changed } of projection.memories.values()) {
          if (changed > sequence) records.delete(id);
          else if (status === 'live') live.set(id, revision);
        }
        return indexFlaws(live, records);
      });
      return undefined;
    },
    signal,
  );
  return found;
}

function textOf({ spaces, findings, notes }: Report, home: string): string {
  const sum = (count: 'events' | 'memories') => spaces.reduce((total, each) => total + each[count], 0);
  const what = `spaces ${spaces.length}, events ${sum('events')}, memories ${sum('memories')}, in ${home}`;
  const lines = [
    ...findings.map(({ space = '', file, line, text }) =>
      plain([space, line === undefined ? file : `${file}:${line}`, text].filter(Boolean).join(' ')).replaceAll(/\s+/g, ' '),
    ),
    ...notes.map((note) => `${styled('yellow', 'note')} ${plain(note)}`),
    `${findings.length === 0 ? styled('green', 'sound') : styled('red', `${findings.length} found`)}: ${what}`,
  ];
  return `${lines.join('\n')}\n`;
}
