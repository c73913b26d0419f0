import { mkdir, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { exclusively } from '../app.js';
import type { Config } from '../config.js';
import { messageOf } from '../core/errors.js';
import { firstSignal } from '../core/first-signal.js';
import { currentProject } from '../current-project.js';
import { piecesOf, profilePreface } from '../install/transcript.js';
import { linesFrom } from '../install/transcript-lines.js';
import { readTranscriptState, transcriptStatePath, writeTranscriptState } from '../install/transcript-state.js';
import recall from '../tools/recall.js';
import remember from '../tools/remember.js';
import { plain } from './terminal.js';
import { type ToolCallsOptions, withToolCalls } from './tool-calls.js';

/** What Claude Code tells its hooks, as far as it is used. */
const told = z.looseObject({
  session_id: z.string().min(1).max(128),
  transcript_path: z.string().optional(),
  cwd: z.string().optional(),
});
type Told = z.infer<typeof told>;

/** Milliseconds that a hook takes at most; Claude Code waits for it. */
const limit = 5000;
/** Characters of what a hook is told. */
const mostTold = 1_000_000;
const agent = 'claude-code';

/** What `hook` is run with. */
export interface HookOptions {
  /** Raises ConfigError. */
  readConfig: () => Config;
  action: string;
  input: AsyncIterable<Buffer | string>;
  version: string;
  signal: AbortSignal;
}

/**
 * Does the work of one of Claude Code's hooks: prints the standing picture, or remembers what was said since the last
 * time. Resolves with the exit code 0 whatever happens, since another one may keep the client from going on; what went
 * wrong is one line on stderr.
 */
export async function hook({ readConfig, action, input, version, signal: ending }: HookOptions): Promise<number> {
  try {
    if (action !== 'session-start' && action !== 'remember') throw new Error('known are session-start and remember');
    const config = readConfig();
    const tooLong = new AbortController();
    setTimeout(() => tooLong.abort(new Error(`not done in ${limit / 1000} seconds; the next one goes on from there`)), limit).unref();
    const signal = firstSignal(ending, tooLong.signal);
    const late = new Promise<never>((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }));
    const work = async () => {
      const given = told.parse(JSON.parse(await textOf(input)));
      if (action === 'session-start') await showProfile(config, { given, version, signal });
      else await rememberTranscript(config, { given, version, signal });
    };
    await Promise.race([work(), late]);
  } catch (error) {
    process.stderr.write(`keepsake-mcp hook ${action}: ${plain(messageOf(error)).replaceAll(/\s+/g, ' ')}\n`);
  }
  return 0;
}

async function textOf(input: AsyncIterable<Buffer | string>): Promise<string> {
  let text = '';
  for await (const chunk of input) {
    text += chunk.toString();
    if (text.length > mostTold) throw new Error('what came on stdin is too long for a hook');
  }
  return text;
}

interface HookWork {
  given: Told;
  version: string;
  signal: AbortSignal;
}

async function showProfile(config: Config, work: HookWork): Promise<void> {
  const { structured, text } = await withToolCalls(config, optionsOf(work), ({ call }) => call(recall, { profile: true }));
  const { memories } = z.looseObject({ memories: z.array(z.unknown()) }).parse(structured);
  if (memories.length > 0) process.stdout.write(`${profilePreface}\n${plain(text)}\n`);
}

/**
 * What was said goes to the user's own space, where every assistant finds it, and is labelled with the project that it
 * was said in. How far it got is kept after each call, so that whoever comes next goes on from there.
 */
async function rememberTranscript(config: Config, work: HookWork): Promise<void> {
  const { session_id, transcript_path } = work.given;
  if (transcript_path === undefined) return;
  const path = transcriptStatePath(config.home, session_id);
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await exclusively(path, async () => {
    const state = await readTranscriptState(path);
    const { size } = await stat(transcript_path);
    if (size === state.offset) return;
    // A transcript that was written anew is read from its beginning; what has been remembered of it was said earlier.
    const isNew = size < state.offset;
    const lines = linesFrom(transcript_path, isNew ? 0 : state.offset);
    const project = await currentProject(config, rootsOf(work.given));
    const common = { run_id: session_id, agent_id: agent, wait: false, ...(project !== undefined && { metadata: { project } }) };
    await withToolCalls(config, optionsOf(work), async ({ call }) => {
      for await (const { turns, reached } of piecesOf(lines, { state, skipKnown: isNew })) {
        work.signal.throwIfAborted();
        if (turns.some(({ role }) => role === 'user')) await call(remember, { ...common, messages: turns });
        await writeTranscriptState(path, reached);
      }
    });
  });
}

const rootsOf = ({ cwd }: Told) => (cwd === undefined ? [] : [cwd]);

/** Whatever can be done later is left to the servers of the home. */
function optionsOf({ given, version, signal }: HookWork): ToolCallsOptions {
  return { version, signal, roots: rootsOf(given), onlooker: true };
}
