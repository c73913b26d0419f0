import { createHash } from 'node:crypto';
import { type Config, ConfigError } from '../config.js';
import type { Space } from '../core/ports.js';
import { projectSpace, userSpace } from '../core/space.js';
import { type Document, type FormatName, formatNames, itemsIn, type Shape, shapeOf, valuesIn } from '../formats/format.js';
import type { Item } from '../formats/item.js';
import type { JsonElement } from '../formats/json-elements.js';
import type { StepOptions } from '../formats/steps.js';
import { options } from '../options.js';
import type { Flags } from './command.js';
import { openSource, type Source } from './import-source.js';

/** What is imported, and how it is to be kept. */
export interface Plan {
  source: Source;
  documents: { document: Document; shape: Shape }[];
  format: FormatName;
  /** Whether it is the history of another home. */
  isHistory: boolean;
  infer: boolean | undefined;
  /** Where everything goes; undefined: the user's own space, or what the file says. */
  target: Space | undefined;
}

/** Opens what is to be imported and finds out what it is. Raises ConfigError for wrong flags, invalid_argument for what cannot be read. */
export async function planOf(path: string, flags: Flags): Promise<Plan> {
  const { from, verbatim, infer, user, project } = flags;
  const expected = formatNames.find((name) => name === from);
  if (from !== undefined && expected === undefined)
    throw new ConfigError(
      `--from ${JSON.stringify(from)} is not known; known are ${formatNames.join(', ')}. Without it the file's content tells.`,
    );
  if (verbatim && infer !== undefined)
    throw new ConfigError('--verbatim keeps texts as they stand and --infer finds facts in them: give one of them.');
  if (user !== undefined && project !== undefined) throw new ConfigError('--user and --project both say where it goes: give one of them.');
  const source = await openSource(path);
  const documents: Plan['documents'] = [];
  for (const document of source.documents) documents.push({ document, shape: await shapeOf(document, expected) });
  const [first] = documents;
  if (!first) throw new ConfigError(`${path} holds nothing.`);
  const isHistory = documents.some(({ shape }) => shape.layout === 'history lines' || shape.layout === 'history list');
  const target = typeof user === 'string' ? userSpace(user) : typeof project === 'string' ? projectSpace(project) : undefined;
  if (isHistory && target !== undefined)
    throw new ConfigError('An export of Keepsake goes to the spaces that it came from: leave --user and --project out.');
  return {
    source,
    documents,
    format: first.shape.format,
    isHistory,
    infer: verbatim ? false : infer === undefined ? undefined : true,
    target,
  };
}

/** What a million tokens cost, if it was said. Raises ConfigError. */
export function priceOf(price: Flags[string] | undefined): number | undefined {
  if (price === undefined) return undefined;
  const number = Number(price);
  if (typeof price === 'string' && price.trim() !== '' && Number.isFinite(number) && number >= 0) return number;
  throw new ConfigError(`--price ${JSON.stringify(price)} is no number; give what a million tokens into the model cost, such as 0.25.`);
}

/** The same for the same content that is to be kept in the same way in the same place. */
export async function fingerprintOf(config: Config, { source, format, infer, target, isHistory }: Plan): Promise<string> {
  const isForOwn = target === undefined && !isHistory;
  // The default user is left out: journals of earlier versions name nobody and are mostly of that one.
  const own = isForOwn && config.user !== options.user.default ? [userSpace(config.user)] : [];
  const how = JSON.stringify([await source.fingerprint(), format, infer, target, ...own]);
  return createHash('sha256').update(how).digest('hex');
}

/** What the documents hold, one after the other; `onItem` hears of each. */
export async function* itemsOf({ documents }: Plan, onItem?: (item: Item) => void): AsyncGenerator<Item> {
  for (const { document, shape } of documents) {
    for await (const item of itemsIn(document, shape)) {
      onItem?.(item);
      yield item;
    }
  }
}

/** Where memories go: of a file of several users each to their own space, else to the user's own. */
export async function spacesOf(config: Config, plan: Plan): Promise<StepOptions['spaceOf']> {
  const { target } = plan;
  if (target !== undefined) return () => target;
  const users = new Set<string>();
  if (plan.format === 'mem0')
    for await (const item of itemsOf(plan)) if (item.form === 'memory' && item.user !== undefined) users.add(item.user);
  const own = userSpace(config.user);
  return (item) => {
    if (item.form !== 'memory') return own;
    return item.space ?? (users.size > 1 && item.user !== undefined ? userSpace(item.user) : own);
  };
}

/** The values of an export of our own, each with its place in words. */
export async function* exportOf({ documents, source }: Plan): AsyncGenerator<JsonElement & { where: string }> {
  for (const { document, shape } of documents)
    for await (const element of valuesIn(document, shape)) yield { ...element, where: `${source.name}, line ${element.line}` };
}
