import { type App, openApp } from '../app.js';
import type { Config } from '../config.js';
import { KeepsakeError } from '../core/errors.js';
import { ownerOf } from '../core/principal.js';
import { currentProject } from '../current-project.js';
import { createLogger } from '../logger.js';
import { createInContext } from '../mcp/in-context.js';
import { readArguments } from '../tools/arguments.js';
import type { Tool, ToolContext } from '../tools/tool.js';
import { UsageError } from './command.js';
import { inCommandWords, raiseInCommandWords } from './command-words.js';

/** What a tool answers: its structured content and its text. */
export interface ToolReply<A> {
  structured: A;
  text: string;
}

/** Calls of tools by the owner of the home, with the checks, rights and time limits that a client's calls have. */
export interface ToolCalls {
  app: App;
  /** Raises KeepsakeErrors. */
  call<A>(tool: Tool, given: Record<string, unknown>): Promise<ToolReply<A>>;
  /** Work with what a tool is given; what names the space is checked as for the tool. Raises KeepsakeErrors. */
  within<T>(tool: Tool, work: (context: ToolContext) => Promise<T>): Promise<T>;
}

/** How the home is opened for calls. */
export interface ToolCallsOptions {
  version: string;
  signal: AbortSignal;
  /** File URIs of the folders at work, which tell the current project; default the working directory. */
  roots?: readonly string[];
  /** Whether nothing goes on behind the calls, since it is left to the servers of the home. */
  onlooker?: boolean;
}

/**
 * Opens the home, does some work that calls tools as its owner, and closes the home. Raises KeepsakeErrors, and what
 * the work raises.
 */
export async function withToolCalls<T>(
  config: Config,
  { version, signal, roots = [], onlooker = true }: ToolCallsOptions,
  work: (calls: ToolCalls) => Promise<T>,
): Promise<T> {
  const app = await openApp(config, { logger: createLogger(config.logLevel === 'debug' ? 'debug' : 'error'), onlooker });
  const inContext = createInContext({ keepsake: () => Promise.resolve(app.keepsake) });
  const exchange = {
    principal: ownerOf(config.user),
    client: `keepsake-mcp/${version}`,
    signal,
    currentProject: () => currentProject(config, roots),
  };
  const within: ToolCalls['within'] = (tool, task) => inContext(tool, { exchange, callId: app.core.ids.event() }, task);
  try {
    return await work({
      app,
      within,
      async call<A>(tool: Tool, given: Record<string, unknown>) {
        const read = readArguments(tool.input, given);
        const { structured, text } = await within(tool, (context) => tool.run(read, context));
        return { structured: tool.output.parse(structured) as A, text };
      },
    });
  } finally {
    await app.close();
  }
}

/** The same for a command whose flags and words are what the tool is given: what the tool refuses is wrong usage. Raises UsageError. */
export async function withCommandCalls<T>(config: Config, options: ToolCallsOptions, work: (calls: ToolCalls) => Promise<T>): Promise<T> {
  try {
    return await withToolCalls(config, options, work);
  } catch (error) {
    if (!(error instanceof KeepsakeError) || error.code !== 'invalid_argument') raiseInCommandWords(error);
    throw new UsageError(`${inCommandWords(error.message)} [${error.code}]`, { cause: error });
  }
}
