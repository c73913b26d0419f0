import { type App, openApp } from '../app.js';
import type { Config } from '../config.js';
import type { MergedSpace } from '../core/merge/merge-into.js';
import { userSpace } from '../core/space.js';
import type { FormatName } from '../formats/format.js';
import type { Item } from '../formats/item.js';
import { type Step, stepsOf } from '../formats/steps.js';
import { isFields } from '../formats/values.js';
import { createLogger } from '../logger.js';
import type { Flags } from './command.js';
import { exportOf, fingerprintOf, itemsOf, type Plan, planOf, priceOf, spacesOf } from './import-plan.js';
import { createPreview, type Preview, previewLines } from './import-preview.js';
import { type Imported, type Journal, runSteps } from './import-run.js';
import { programName } from './program-name.js';
import { createProgress } from './progress.js';
import { canAsk, confirmed } from './question.js';
import { plain, styled } from './terminal.js';

/** What `import` is run with. */
export interface ImportOptions {
  path: string;
  flags: Flags;
  version: string;
  json: boolean;
  signal: AbortSignal;
}

/** What an import came to, for programs. */
interface Result extends Partial<Imported> {
  format: FormatName;
  preview?: Preview;
  /** What undo takes; absent where nothing was imported. */
  import_id?: string;
  imported: boolean;
  /** Of an export of our own, a space each. */
  spaces?: MergedSpace[];
  problems?: string[];
}

/**
 * Imports a file: shows what it holds, asks, and remembers it under one call id that undo takes back. Resolves with the
 * exit code: 0, 1 where parts of a history are damaged and were left out, or 2 where nobody could be asked and nobody had said --yes. Raises ConfigError for wrong flags,
 * invalid_argument for a file that cannot be read, before anything is remembered.
 */
export async function importFile(config: Config, { path, flags, version, json, signal }: ImportOptions): Promise<number> {
  const plan = await planOf(path, flags);
  const price = priceOf(flags.price);
  const app = await openApp(config, { logger: createLogger(config.logLevel) });
  try {
    const fingerprint = await fingerprintOf(config, plan);
    const release = await app.imports.claim(fingerprint);
    if (!release) throw new Error('Another process is just importing this file; wait for it, or end it and start again.');
    try {
      return await importOnce(app, config, { plan, fingerprint, price, flags, version, json, signal });
    } catch (error) {
      // Ctrl-C is no fault; whatever it was, what is done stays done.
      if (error instanceof Error && (error.message === 'SIGINT' || error.message === 'SIGTERM'))
        throw new Error('Interrupted. Run the same command again, and it goes on where it was.', { cause: error });
      throw error;
    } finally {
      await release();
    }
  } finally {
    await app.close();
  }
}

interface Once extends Omit<ImportOptions, 'path'> {
  plan: Plan;
  fingerprint: string;
  price: number | undefined;
}

/** Imports a file while no other process of the home imports the same. */
async function importOnce(app: App, config: Config, { plan, fingerprint, price, flags, version, json, signal }: Once): Promise<number> {
  const print = (lines: string[]) => !json && process.stdout.write(`${lines.join('\n')}\n`);
  const finish = (result: Result, code: number) => {
    if (json) process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
    return code;
  };
  const before = await app.imports.find(fingerprint);
  if (before?.finished_at !== undefined && !flags.again && !flags['dry-run']) {
    print([
      `${plan.source.name} was imported on ${before.finished_at.slice(0, 10)} (${before.id}). Nothing was done; --again imports it once more.`,
    ]);
    return finish({ format: plan.format, import_id: before.id, imported: false }, 0);
  }
  const journal = before && before.finished_at === undefined ? before : newJournal(app, plan.source.name, fingerprint);
  const spaceOf = plan.isHistory ? undefined : await spacesOf(config, plan);
  const steps = (onItem?: (item: Item) => void) =>
    stepsOf(itemsOf(plan, onItem), {
      infer: plan.infer,
      spaceOf: spaceOf ?? (() => userSpace(config.user)),
      now: new Date().toISOString(),
    });
  const model = app.core.extractor.remote ? app.core.extractor.name : undefined;
  const { preview, total } = await previewOf(plan, { steps, model, price, signal });
  print(previewLines(preview, plan.format));
  if (journal === before)
    process.stderr.write(`An import of this file was interrupted after ${journal.done} steps; it goes on from there.\n`);
  if (flags['dry-run'] || total === 0) return finish({ format: plan.format, preview, imported: false }, 0);
  if (!flags.yes) {
    if (!canAsk()) {
      process.stderr.write('Nothing was imported: without a terminal nobody can be asked. Add --yes to import it.\n');
      return finish({ format: plan.format, preview, imported: false }, 2);
    }
    if (!(await confirmed('Import it?', signal))) return finish({ format: plan.format, preview, imported: false }, 0);
  }
  const result = await journaled(
    app,
    journal,
    (): Promise<Partial<Result>> =>
      plan.isHistory
        ? runHistory(app, plan, { journal, total, signal })
        : runAll(app, steps(), { journal, isResumed: journal === before, total, client: `keepsake-mcp/${version}`, signal }),
  );
  print(resultLines(result, journal.id));
  // What is damaged was left out, and must not be taken for saved.
  return finish({ format: plan.format, preview, import_id: journal.id, imported: true, ...result }, result.problems?.length ? 1 : 0);
}

function newJournal(app: App, file: string, fingerprint: string): Journal {
  return { id: app.core.ids.event(), file, fingerprint, started_at: new Date(app.core.clock.now()).toISOString(), done: 0 };
}

interface PreviewOptions {
  steps: (onItem: (item: Item) => void) => AsyncIterable<Step>;
  model: string | undefined;
  price: number | undefined;
  signal: AbortSignal;
}

/** Reads everything once, so that what is wrong with a file is found before anything of it is remembered. */
async function previewOf(plan: Plan, { steps, model, price, signal }: PreviewOptions): Promise<{ preview: Preview; total: number }> {
  const progress = createProgress('reading');
  const preview = createPreview({ model, price });
  let total = 0;
  try {
    if (plan.isHistory) {
      let space = '';
      for await (const { value } of exportOf(plan)) {
        signal.throwIfAborted();
        if (!isFields(value)) continue;
        if (value.keepsake === 'history') space = String(value.space);
        if (value.keepsake !== undefined) continue;
        const state = value.event === 'ADD' && isFields(value.state) ? value.state : undefined;
        preview.addEvent(
          space,
          typeof value.at === 'string' ? value.at : undefined,
          typeof state?.text === 'string' && state.text !== '' ? state.text : undefined,
        );
        total += 1;
      }
    } else {
      for await (const step of steps((item) => preview.addItem(item))) {
        signal.throwIfAborted();
        preview.addStep(step);
        total += step.count;
      }
    }
  } finally {
    progress.end();
  }
  return { preview: preview.done(), total };
}

/** Runs an import and keeps in its journal that it is done. */
async function journaled<T>(app: App, journal: Journal, work: () => Promise<T>): Promise<T> {
  await app.imports.write(journal);
  const result = await work();
  await app.imports.write(Object.assign(journal, { finished_at: new Date(app.core.clock.now()).toISOString() }));
  return result;
}

interface RunAll {
  journal: Journal;
  total: number;
  signal: AbortSignal;
}

async function runAll(
  app: App,
  steps: AsyncIterable<Step>,
  { total, ...run }: RunAll & { client: string; isResumed: boolean },
): Promise<Imported> {
  const progress = createProgress('importing');
  try {
    return await runSteps(app, steps, { ...run, onDone: (done) => progress.update(done, total) });
  } finally {
    progress.end();
  }
}

async function runHistory(app: App, plan: Plan, { journal, total, signal }: RunAll): Promise<Pick<Result, 'spaces' | 'problems'>> {
  const progress = createProgress('uniting');
  const spaces: MergedSpace[] = [];
  const problems: string[] = [];
  let done = 0;
  try {
    for await (const { merged, problems: found } of app.exchange.mergeExport(exportOf(plan), { importId: journal.id, signal })) {
      spaces.push(merged);
      problems.push(...found);
      done += merged.received;
      progress.update(done, total, merged.space);
    }
    return { spaces, problems };
  } finally {
    progress.end();
  }
}

function resultLines(
  { spaces, problems = [], refused = [], ...counts }: Partial<Imported> & Pick<Result, 'spaces' | 'problems'>,
  id: string,
): string[] {
  const words = {
    added: 'added',
    updated: 'updated',
    forgotten: 'superseded',
    known: 'known already',
    pending: 'inputs wait for the model',
  } as const;
  const parts = Object.entries(words).flatMap(([name, word]) => {
    const count = counts[name as keyof typeof words];
    return count ? [`${count} ${word}`] : [];
  });
  const merged = (spaces ?? []).map(
    ({ space, received }) => `${styled('bold', plain(space))}: ${received > 0 ? `${received} events came in` : 'nothing new'}`,
  );
  return [
    ...merged,
    ...problems.map((problem) => styled('yellow', plain(problem))),
    ...refused.map((reason) => styled('yellow', plain(reason))),
    ...(spaces ? [] : [`Imported: ${parts.length > 0 ? parts.join(', ') : 'nothing that was not known'}.`]),
    `To undo it: ${programName()} undo ${id}`,
  ];
}
