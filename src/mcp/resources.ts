import { cut } from '../core/cut.js';
import { KeepsakeError } from '../core/errors.js';
import { isOpenTo } from '../core/principal.js';
import { callOf } from '../tools/call.js';
import { historyText } from '../tools/memory-history.js';
import recall from '../tools/recall.js';
import { scopeOf, searchedSpaces } from '../tools/spaces.js';
import type { ToolContext } from '../tools/tool.js';
import { appView } from './app-view.js';
import { type Exchange, type Look, ProtocolError, type RunTool } from './exchange.js';
import { memoryName, memoryText } from './memory-text.js';
import { fixedUris, memoryUri, type ResourceName, readUri, templateUris } from './resource-uris.js';
import { createWatchAllowance } from './watch-allowance.js';

/** What resources/list says of one resource. */
export interface ListedResource {
  uri: string;
  name: string;
  title: string;
  description: string;
  mimeType: string;
  _meta?: Record<string, unknown>;
}

/** What resources/templates/list says of one family of resources. */
export type ListedTemplate = Omit<ListedResource, 'uri'> & { uriTemplate: string };

/** What resources/read answers. */
export interface ResourceText {
  uri: string;
  mimeType: string;
  text: string;
  _meta?: Record<string, unknown>;
}

/** The resources of the server. All of them raise KeepsakeErrors and ProtocolErrors. */
export interface Resources {
  list(exchange: Exchange): Promise<ListedResource[]>;
  templates(): ListedTemplate[];
  read(uri: string, exchange: Exchange): Promise<ResourceText>;
  watch(uri: string, exchange: Exchange, onChange: () => void): Promise<() => void>;
}

/** Resources of one list. */
const mostListed = 100;
/** Events of one history. */
const mostEvents = 200;
/** Characters of a URI that an answer repeats. */
const longestShown = 200;

const plain = 'text/plain';

/** The resources that there is one of each. */
const fixed: readonly ListedResource[] = [
  {
    uri: fixedUris.profile,
    name: 'profile',
    title: 'Profile',
    description:
      'What an assistant should know of the user in every conversation: pinned memories, preferences and instructions, insights, the newest.',
    mimeType: plain,
  },
  {
    uri: fixedUris.recent,
    name: 'recent',
    title: 'Recent memories',
    description: "The newest memories of the user, the current project and what is shared with the user, as recall's listing.",
    mimeType: plain,
  },
  {
    uri: fixedUris.stats,
    name: 'stats',
    title: 'Statistics',
    description: "Counts of what the user's own memory and the current project's hold, and what waits to be processed.",
    mimeType: 'application/json',
  },
  appView,
];

/** The families of resources that each memory has one of. */
const templates: readonly ListedTemplate[] = [
  {
    uriTemplate: templateUris.memory,
    name: 'memory',
    title: 'Memory',
    description: 'One memory with all its fields, by its id.',
    mimeType: plain,
  },
  {
    uriTemplate: templateUris.history,
    name: 'memory-history',
    title: 'History of a memory',
    description: "What happened to one memory, oldest first, as memory_history's text.",
    mimeType: plain,
  },
];

/** Where resources come from. */
export interface ResourceSources {
  run: RunTool;
  look: Look;
  /** The page that shows recall's answers, as HTML; absent where it was not built. */
  appPage?: (() => Promise<string>) | undefined;
}

/** The resources, made of answers of tools and of what the caller may read; the page is the same for every caller. */
export function createResources({ run, look, appPage }: ResourceSources): Resources {
  const allowance = createWatchAllowance();

  async function memoriesFor(context: ToolContext): Promise<ListedResource[]> {
    // Whoever speaks for any user has no memory of its own to list.
    if (context.principal.user === undefined) return [];
    const newest = await context.keepsake.newest(await searchedSpaces({}, context), mostListed - fixed.length);
    return newest.map((memory) => {
      const name = memoryName(memory);
      const description = `${memory.kind} of ${memory.space}, said ${(memory.said_at ?? memory.created_at).slice(0, 10)}`;
      return { uri: memoryUri(memory.id), name, title: name, description, mimeType: plain };
    });
  }

  async function textOf(name: ResourceName, exchange: Exchange): Promise<string> {
    switch (name.kind) {
      case 'profile':
        return run(recall, { profile: true }, exchange);
      case 'recent':
        return run(recall, { limit: 50, max_tokens: 5000 }, exchange);
      case 'stats':
        return look(exchange, async (context) => {
          const found = await context.keepsake.stats(await scopeOf({}, context, 'read'), context.signal);
          return JSON.stringify(found, undefined, 2);
        });
      case 'memory':
        return look(exchange, async (context) => {
          const spaces = await searchedSpaces({}, context);
          return memoryText(await context.keepsake.find({ spaces, memory_id: name.id }, callOf({}, context)));
        });
      case 'history':
        return look(exchange, async (context) => {
          const scope = await searchedSpaces({}, context);
          return historyText(await context.keepsake.history({ scope, memory_id: name.id, limit: mostEvents }, callOf({}, context)));
        });
      default:
        return name satisfies never;
    }
  }

  function watch(name: ResourceName, exchange: Exchange, onChange: () => void): Promise<() => void> {
    return look(exchange, async (context) => {
      const spaces = await searchedSpaces({}, context);
      const { principal } = exchange;
      return context.keepsake.watch({ spaces, memory_id: 'id' in name ? name.id : undefined }, (space) => {
        // What the caller may read can have become less since it began to watch.
        if (principal.rights.has('memory:read') && isOpenTo(principal, space, 'read')) onChange();
      });
    });
  }

  async function page(): Promise<ResourceText> {
    if (!appPage) throw notFound(appView.uri);
    const { uri, mimeType, _meta } = appView;
    return { uri, mimeType, text: await appPage(), _meta };
  }

  return {
    list: async (exchange) => [...fixed, ...(await look(exchange, memoriesFor))],
    templates: () => [...templates],
    read: async (uri, exchange) =>
      uri === appView.uri
        ? page()
        : named(uri, exchange, async (name) => ({ uri, mimeType: mimeTypeOf(name), text: await textOf(name, exchange) })),
    watch: async (uri, exchange, onChange) => {
      // The page changes with the program alone.
      if (uri === appView.uri) return () => undefined;
      return named(uri, exchange, async (name) => {
        const giveBack = allowance.take(exchange.principal.id);
        try {
          const stop = await watch(name, exchange, onChange);
          return () => {
            stop();
            giveBack();
          };
        } catch (error) {
          giveBack();
          throw error;
        }
      });
    },
  };
}

/**
 * Works on what a URI names. Whether there is no such resource, or none for this caller, is answered in the same words.
 * Raises invalid_argument for a caller that speaks for any user: no URI says whose memory is meant.
 */
async function named<T>(uri: string, { principal }: Exchange, work: (name: ResourceName) => Promise<T>): Promise<T> {
  const name = readUri(uri);
  if (!name) throw notFound(uri);
  if (principal.user === undefined)
    throw new KeepsakeError(
      'invalid_argument',
      'Resources belong to one user, and the token of this caller speaks for any; use the tools instead, with user_id.',
    );
  try {
    return await work(name);
  } catch (error) {
    throw error instanceof KeepsakeError && error.code === 'memory_not_found' ? notFound(uri) : error;
  }
}

function notFound(uri: string): ProtocolError {
  const shown = cut(uri, longestShown);
  const known = [...Object.values(fixedUris), ...Object.values(templateUris)].join(', ');
  return new ProtocolError('resource_not_found', `There is no resource ${JSON.stringify(shown)}; known are ${known}.`, { uri: shown });
}

function mimeTypeOf({ kind }: ResourceName): string {
  return fixed.find(({ name }) => name === kind)?.mimeType ?? plain;
}
