import type { Server } from '@modelcontextprotocol/sdk/server/index.js';
import {
  ErrorCode,
  ListResourcesRequestSchema,
  ListResourceTemplatesRequestSchema,
  McpError,
  ReadResourceRequestSchema,
  type Resource,
} from '@modelcontextprotocol/sdk/types.js';
import { KeepsakeError } from './core/errors.js';
import { readArguments } from './tools/arguments.js';
import recall from './tools/recall.js';
import type { Tool, ToolContext } from './tools/tool.js';

/** What the protocol answers where a URI names no resource, in its revisions of 2024 and 2025. */
const resourceNotFound = -32002;

/** One resource: what is listed of it, and the tool call whose text it is. */
interface ServedResource {
  listed: Resource;
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

/**
 * Serves the resources of one connection. `contextOf` gives what a tool works with until a signal is raised; `counted`
 * hears of each reading that is under way.
 */
export function serveResources(
  server: Server,
  {
    contextOf,
    counted,
  }: { contextOf: (tool: Tool, signal: AbortSignal) => Promise<ToolContext>; counted: <T>(work: Promise<T>) => Promise<T> },
): void {
  server.setRequestHandler(ListResourcesRequestSchema, () => ({ resources: resources.map(({ listed }) => listed) }));
  server.setRequestHandler(ListResourceTemplatesRequestSchema, () => ({ resourceTemplates: [] }));
  server.setRequestHandler(ReadResourceRequestSchema, async ({ params: { uri } }, { signal }) => {
    const found = resources.find(({ listed }) => listed.uri === uri);
    if (!found) {
      const known = resources.map(({ listed }) => listed.uri).join(', ');
      throw new McpError(resourceNotFound, `There is no resource ${uri}; known are ${known}.`, { uri });
    }
    const text = await counted(textOf(found, () => contextOf(found.tool, signal)));
    return { contents: [{ uri, mimeType: found.listed.mimeType, text }] };
  });
}

async function textOf({ tool, given }: ServedResource, context: () => Promise<ToolContext>): Promise<string> {
  try {
    return (await tool.run(readArguments(tool.input, given), await context())).text;
  } catch (error) {
    if (error instanceof KeepsakeError) throw new McpError(ErrorCode.InternalError, `${error.message} [${error.code}]`);
    throw error;
  }
}
