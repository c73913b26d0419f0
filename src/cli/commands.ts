import type { Config } from '../config.js';
import { createLogger } from '../logger.js';
import type { Command, CommandFamily, Flag } from './command.js';
import { memoryCommands } from './memory-commands.js';
import { serveOverStdio } from './serve-stdio.js';

declare const __VERSION__: string;

/** Flags that are settings, too, and here have to be given or say more. */
const user: Flag = { type: 'string', value: 'NAME', meaning: "a user's memories" };
const project: Flag = { type: 'string', value: 'NAME', meaning: "a project's memories" };

/** Every command; the help shows them in groups, in this order. */
export const commands: Record<string, Command | CommandFamily> = {
  ...memoryCommands,
  serve: {
    args: [],
    group: 'Serving',
    flags: {
      http: { type: 'boolean', meaning: 'over the network, with the dashboard at /' },
      // Also settings; they mean something with --http alone.
      host: { type: 'string', value: 'ADDRESS', meaning: 'the address that --http listens on; 127.0.0.1 if it is left out' },
      port: { type: 'string', value: 'N', meaning: 'the port of --http; 7700 if it is left out, 0: any free one' },
      'public-url': { type: 'string', value: 'URLS', meaning: 'under which clients reach --http, separated by commas' },
      tokens: { type: 'string', value: 'FILE', meaning: 'who may use --http; tokens.json in the home if it is left out' },
    },
    meaning: 'the server; with --http over the network, for many users',
    async run({ config, flags, signal }) {
      return flags.http ? serveOverHttp(config, signal) : serveOverStdio(config, signal);
    },
  },
  connect: {
    args: ['URL'],
    group: 'Serving',
    meaning: 'a server on stdin and stdout that forwards everything to a remote one; its token from KEEPSAKE_TOKEN',
    asCaller: true,
    async run({ config, args: [address = ''], signal }) {
      const { connect } = await import('./connect.js');
      return connect(config, { address, logger: createLogger(config.logLevel), signal });
    },
  },
  demo: {
    args: [],
    group: 'Serving',
    meaning: 'tells a small story with the real server, and leaves nothing behind',
    asCaller: true,
    async run({ config, signal }) {
      const { demo } = await import('./demo.js');
      return demo(config, { version: __VERSION__, script: process.argv[1] ?? '', signal });
    },
  },
  doctor: {
    args: [],
    meaning: 'checks node, home, history, models, store and network side, and says what would fix them',
    async run({ config, json, signal }) {
      const { doctor } = await import('./doctor.js');
      return doctor(config, { version: __VERSION__, json, signal });
    },
  },
  stats: {
    args: [],
    meaning: 'counts what each space holds, and what waits for a model',
    async run({ config, json, signal }) {
      const { stats } = await import('./stats.js');
      return stats(config, { json, signal });
    },
  },
  verify: {
    args: [],
    meaning: 'checks the history line by line, and that memory and index hold what it says; changes nothing',
    async run({ config, json, signal }) {
      const { verify } = await import('./verify.js');
      return verify(config, { json, signal });
    },
  },
  rebuild: {
    args: [],
    meaning: 'makes the vector index and the caches anew from the history, while servers go on',
    async run({ config, json, signal }) {
      const { rebuild } = await import('./rebuild.js');
      return rebuild(config, { json, signal });
    },
  },
  chat: {
    args: [],
    group: 'Serving',
    meaning: 'a conversation with the model and your memory; /help inside',
    async run({ config, json }) {
      const { chat } = await import('./chat.js');
      return chat(config, { version: __VERSION__, json });
    },
  },
  ui: {
    args: [],
    group: 'Serving',
    flags: {
      // Also a setting; here any free one is taken where it is not given.
      port: { type: 'string', value: 'N', meaning: 'the port; any free one if it is left out' },
      'no-open': { type: 'boolean', meaning: 'just prints the address' },
    },
    meaning: 'shows the dashboard in the browser, for you alone; --no-open just prints its address',
    async run({ config, flags, signal }) {
      const { ui } = await import('./ui.js');
      const port = flags.port === undefined ? 0 : config.http.port;
      // A person wants the one address that opens it, which is printed.
      const logger = createLogger(process.stderr.isTTY && config.logLevel === 'info' ? 'warn' : config.logLevel);
      return ui(config, { version: __VERSION__, logger, signal, port, browser: flags['no-open'] !== true });
    },
  },
  reflect: {
    args: [],
    meaning: 'derives insights from the memories, and unites repeats among them, now; needs a model',
    async run({ config, json, signal }) {
      const { reflect } = await import('./reflect.js');
      return reflect(config, { version: __VERSION__, json, signal });
    },
  },
  undo: {
    args: ['CALL_ID'],
    group: 'Your memories',
    meaning: 'takes back what one call changed; keepsake-mcp history names the call of each change',
    async run({ config, args: [callId = ''], json, signal }) {
      const { undo } = await import('./undo.js');
      return undo(config, { callId, version: __VERSION__, json, signal });
    },
  },
  token: {
    group: 'Serving',
    meaning: 'who may use serve --http',
    actions: {
      add: {
        args: [],
        flags: {
          user: { ...user, meaning: 'whose memory it opens; * for a program that names the user in each call' },
          subject: { type: 'string', value: 'SUBJECT', meaning: 'of OAuth access tokens, in place of a token' },
          scopes: {
            type: 'string',
            value: 'LIST',
            meaning: 'what it may do, separated by commas: memory:read, memory:write, memory:delete, metrics:read',
          },
          grant: { type: 'string', value: 'SPACE', multiple: true, meaning: 'a further space, such as project:NAME:write' },
          expires: { type: 'string', value: 'WHEN', meaning: 'days such as 90d, or a date' },
          note: { type: 'string', value: 'TEXT', meaning: 'what it is for' },
        },
        meaning: 'a new token, shown once',
        asCaller: true,
        async run({ config, flags, json }) {
          const { token } = await import('./token.js');
          return token(config, { asked: { action: 'add', flags }, json });
        },
      },
      list: {
        args: [],
        meaning: 'the tokens, and what each may do',
        asCaller: true,
        async run({ config, json }) {
          const { token } = await import('./token.js');
          return token(config, { asked: { action: 'list' }, json });
        },
      },
      revoke: {
        args: ['ID'],
        meaning: 'ends a token; servers that run refuse it within two seconds',
        asCaller: true,
        async run({ config, args: [id = ''], json }) {
          const { token } = await import('./token.js');
          return token(config, { asked: { action: 'revoke', id }, json });
        },
      },
    },
  },
  config: {
    group: 'Setting up',
    meaning: 'the settings in config.json, which every client of the home has',
    actions: {
      get: {
        args: ['[NAME]'],
        meaning: 'one setting, or all, with where each comes from; secrets are not shown',
        async run(run) {
          const { getSetting } = await import('./config.js');
          return getSetting(run);
        },
      },
      set: {
        args: ['NAME', '[VALUE]'],
        meaning: 'writes a setting; without VALUE it is read from stdin, or a secret asked for',
        async run(run) {
          const { setSetting } = await import('./config.js');
          return setSetting(run);
        },
      },
      unset: {
        args: ['NAME'],
        meaning: 'takes a setting out again',
        async run(run) {
          const { unsetSetting } = await import('./config.js');
          return unsetSetting(run);
        },
      },
    },
  },
  completion: {
    args: ['[SHELL]'],
    group: 'Setting up',
    meaning: 'a script for bash, zsh, fish or powershell that completes commands, flags and ids with the tab key',
    async run({ args: [shell = ''] }) {
      const { printCompletionScript } = await import('./completion-scripts.js');
      return printCompletionScript(shell);
    },
  },
  complete: {
    args: ['[WORDS...]'],
    hidden: true,
    meaning: 'what may follow the words of a command line; for the scripts of completion',
    async run(run) {
      const { printCompletions } = await import('./completion.js');
      return printCompletions(commands, run);
    },
  },
  export: {
    args: [],
    group: 'Your memories',
    flags: {
      format: { type: 'string', value: 'FORMAT', choices: ['jsonl', 'json', 'markdown', 'csv'], meaning: 'jsonl and json lose nothing' },
      output: { type: 'string', value: 'FILE', meaning: 'where to; stdout if it is left out' },
      'all-spaces': { type: 'boolean', meaning: 'of every user and project' },
      // Also settings; here they say which spaces.
      user,
      project,
    },
    meaning: 'the whole history as --format jsonl or json, or the live memories as markdown or csv, to stdout or --output FILE',
    async run({ config, flags, json, signal }) {
      const { exportMemories } = await import('./export.js');
      return exportMemories(config, { flags, json, signal });
    },
  },
  import: {
    args: ['FILE'],
    group: 'Your memories',
    flags: {
      from: { type: 'string', value: 'FORMAT', meaning: 'what it is, if its content does not tell' },
      'dry-run': { type: 'boolean', meaning: 'just shows what it would bring' },
      yes: { type: 'boolean', meaning: 'asks nothing' },
      verbatim: { type: 'boolean', meaning: 'texts as they stand, without looking for facts' },
      again: { type: 'boolean', meaning: 'also what was imported before' },
      price: { type: 'string', value: 'MONEY', meaning: 'of a million tokens into the model, for the estimate' },
      // Also settings; here they say where it goes, and that facts are to be found in it.
      user: { ...user, meaning: 'where to: the memories of this user' },
      project: { ...project, meaning: 'where to: the memories of this project' },
      infer: {
        type: 'string',
        value: 'HOW',
        choices: ['auto', 'model', 'rules'],
        meaning: 'finds facts in texts that would be kept as they stand',
      },
    },
    meaning:
      'an export of Keepsake, ChatGPT, Claude, mem0, OpenMemory or server-memory, Markdown or text; --dry-run shows what it would bring',
    async run({ config, args: [path = ''], flags, json, signal }) {
      const { importFile } = await import('./import.js');
      return importFile(config, { path, flags, version: __VERSION__, json, signal });
    },
  },
  install: {
    args: ['[CLIENT]'],
    group: 'Setting up',
    flags: {
      'dry-run': { type: 'boolean', meaning: 'shows what would be written, and writes nothing' },
      yes: { type: 'boolean', meaning: 'asks nothing, and replaces another server of the name' },
      rules: { type: 'boolean', meaning: 'also tells the assistant, in its rules, to use the memory unasked' },
      hooks: { type: 'boolean', meaning: 'Claude Code: also shows and saves memories as sessions begin and end' },
      'project-folder': { type: 'string', value: 'DIR', multiple: true, meaning: 'the rules of this project' },
    },
    meaning: "writes the server into a client's configuration and tries it; without CLIENT: lists them",
    asCaller: true,
    async run({ config, args: [name], flags, json }) {
      const { install } = await import('./install.js');
      return install(config, {
        name,
        dryRun: flags['dry-run'] === true,
        yes: flags.yes === true,
        rules: flags.rules === true || flags['project-folder'] !== undefined,
        hooks: flags.hooks === true,
        projectFolders: [flags['project-folder'] ?? []].flat().map(String),
        script: process.argv[1] ?? '',
        version: __VERSION__,
        json,
      });
    },
  },
  uninstall: {
    args: ['CLIENT'],
    group: 'Setting up',
    flags: { 'dry-run': { type: 'boolean', meaning: 'shows what would be taken out, and changes nothing' } },
    meaning: 'takes out of a client what install put there, and leaves the memories',
    asCaller: true,
    async run({ config, args: [name = ''], flags, json }) {
      const { uninstall } = await import('./uninstall.js');
      return uninstall(config, { name, dryRun: flags['dry-run'] === true, json });
    },
  },
  hook: {
    args: ['ACTION'],
    hidden: true,
    meaning: "what Claude Code's hooks run: session-start prints the profile, remember reads the transcript",
    async run(run) {
      const { hook } = await import('./hook.js');
      // What is wrong with the settings must not keep the client from going on either.
      return hook({
        readConfig: () => run.config,
        action: run.args[0] ?? '',
        input: process.stdin,
        version: __VERSION__,
        signal: run.signal,
      });
    },
  },
  merge: {
    args: ['FILE|DIR'],
    meaning: 'unites the history of another home, or one log of it, into this home',
    async run({ config, args: [path = ''], json, signal }) {
      const { merge } = await import('./merge.js');
      return merge(config, { path, json, signal });
    },
  },
};

async function serveOverHttp(config: Config, signal: AbortSignal): Promise<number> {
  const { serveHttp } = await import('./serve-http.js');
  return serveHttp(config, { version: __VERSION__, logger: createLogger(config.logLevel), signal });
}
