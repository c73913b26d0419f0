import { KeepsakeError } from '../core/errors.js';
import type { Keepsake } from '../core/keepsake.js';
import recall from '../tools/recall.js';
import type { Tool } from '../tools/tool.js';
import { type Exchange, ProtocolError, type RunTool } from './exchange.js';

/** What resources/list says of one resource. */
export interface ListedResource {
  uri: string;
  name: string;
  title: string;
  description: string;
  mimeType: string;
}

/** What resources/templates/list says of one family of resources. */
export type ListedTemplate = Omit<ListedResource, 'uri'> & { uriTemplate: string };

/** What resources/read answers. */
export interface ResourceText {
  uri: string;
  mimeType: string;
  text: string;
}

/** The resources of the server. All of them raise ProtocolErrors. */
export interface Resources {
  list(exchange: Exchange): Promise<ListedResource[]>;
  templates(): ListedTemplate[];
  read(uri: string, exchange: Exchange): Promise<ResourceText>;
  watch(uri: string, exchange: Exchange, onChange: () => void): Promise<() => void>;
}

/** One resource: what is listed of it, and the tool call whose text it is. */
interface ServedResource {
  listed: ListedResource;
  tool: Tool;
  given: Record<string, unknown>;
}

const resources: readonly ServedResource[] = [
  {
    listed: {
      uri: 'keepsake://profile',
      name: 'profile',
      title: 'Profile',
      description:
        'What an assistant should know of the user in every conversation: pinned memories, preferences and instructions, insights, the newest.',
      mimeType: 'text/plain',
    },
    tool: recall,
    given: { profile: true },
  },
];

/** The resources, whose texts are answers of tools. */
export function createResources({ run }: { run: RunTool; keepsake: () => Promise<Keepsake> }): Resources {
  function find(uri: string): ServedResource {
    const found = resources.find(({ listed }) => listed.uri === uri);
    if (found) return found;
    const known = resources.map(({ listed }) => listed.uri).join(', ');
    throw new ProtocolError('resource_not_found', `There is no resource ${uri}; known are ${known}.`, { uri });
  }

  return {
    list: async () => resources.map(({ listed }) => listed),
    templates: () => [],
    async read(uri, exchange) {
      const { listed, tool, given } = find(uri);
      try {
        return { uri, mimeType: listed.mimeType, text: await run(tool, given, exchange) };
      } catch (error) {
        if (error instanceof KeepsakeError) throw new ProtocolError('internal', `${error.message} [${error.code}]`);
        throw error;
      }
    },
    async watch(uri) {
      find(uri);
      return () => undefined;
    },
  };
}
