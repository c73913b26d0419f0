import { resolve } from 'node:path';
import { type Config, readConfig } from '../config.js';
import { messageOf } from '../core/errors.js';
import { carryOutPut, type FileChange, isNothing, planPut } from '../install/changes.js';
import type { Client } from '../install/clients.js';
import { InstallError } from '../install/install-error.js';
import { NoSuchPartError, partsToPut, serverSnippet, type Wanted } from '../install/installation.js';
import type { Machine } from '../install/machine.js';
import { copyProgram, lastingNode, lastingProgram, removeUnusedPrograms } from '../install/program.js';
import { openRecords } from '../install/record.js';
import { asEntry, ForeignServerError, readServer, type ServerEntry } from '../install/server-part.js';
import { readUserFile, textOf } from '../install/user-file.js';
import { whatLeaves } from '../leaves-machine.js';
import { listClients, requireClient, thisMachine } from './clients.js';
import { UsageError } from './command.js';
import { changeLine, diffText } from './install-lines.js';
import { programName } from './program-name.js';
import { canAsk, confirmed } from './question.js';
import { startEntry } from './started-entry.js';
import { styled } from './terminal.js';

/** What `install` is run with. */
export interface InstallOptions {
  /** Undefined: the clients are listed. */
  name: string | undefined;
  dryRun: boolean;
  /** Overwrites a server of the same name that is not Keepsake, and asks nothing. */
  yes: boolean;
  rules: boolean;
  hooks: boolean;
  /** Folders of projects whose rules are meant. */
  projectFolders: readonly string[];
  /** Path that the program was started from. */
  script: string;
  version: string;
  json: boolean;
}

/**
 * Writes the server into a client's own configuration, starts it from what was written, and says what leaves the
 * machine. Resolves with the exit code: 1 where nothing was changed, or where the server does not start. Raises
 * UsageError for an unknown client, and for a part that it has no place for.
 */
export async function install(config: Config, options: InstallOptions): Promise<number> {
  const { name, json } = options;
  const machine = thisMachine();
  const records = openRecords(config.home);
  if (name === undefined) return listClients(machine, { records, json });
  const client = requireClient(name);
  const node = lastingNode(process.execPath);
  const program = lastingProgram({ script: options.script, home: config.home, version: options.version });
  const entry: ServerEntry = { command: node.command, args: [program.main], env: settingsFor(config, machine) };
  let changes: FileChange[];
  try {
    // Of all clients: the other records are needed in the end, and a damaged one must be found before anything is changed.
    const record = (await records.all()).find((one) => one.client === name);
    const plan = (wanted: Pick<Wanted, 'replace' | 'hooks'>) =>
      planPut(
        partsToPut({
          client,
          machine,
          entry,
          rules: options.rules,
          projectFolders: options.projectFolders.map((folder) => resolve(folder)),
          record,
          ...wanted,
        }),
        {
          record,
          records,
        },
      );
    const hooks = options.hooks || (await wantsHooks(client, { record, options }));
    changes = await planned(plan, { replace: options.yes, hooks, options });
    if (options.dryRun) return showPlan(changes, { json, copy: program.copy?.to });
    await copyProgram(program);
    await carryOutPut(changes, {
      record: { client: name, version: options.version, at: new Date().toISOString(), ...entry, files: record?.files ?? [] },
      records,
    });
  } catch (error) {
    if (error instanceof NoSuchPartError)
      throw new UsageError(`${error.message}: ${commandOf({ ...options, ...error.otherwise })}`, { cause: error });
    if (!(error instanceof InstallError)) throw error;
    process.stderr.write(
      `keepsake-mcp: ${error.message}\nNothing was changed. By hand, ${client.title} is told in ${client.place(machine).path}:\n`,
    );
    process.stderr.write(`${serverSnippet(client.place(machine), entry)}\n`);
    return 1;
  }
  // From here on the client is changed, and no error may say that it is not.
  await removeUnusedPrograms(
    config.home,
    (await records.all()).flatMap(({ args }) => args),
  );
  return report(config, { client, machine, changes, options, warning: node.warning });
}

/** The command that asks for this. */
function commandOf({ name, rules, projectFolders, hooks, yes, dryRun }: InstallOptions): string {
  const quoted = (folder: string) => (/[^\w./\\:~-]/.test(folder) ? JSON.stringify(folder) : folder);
  const flags = [
    rules && projectFolders.length === 0 && '--rules',
    ...projectFolders.map((folder) => `--project-folder ${quoted(folder)}`),
    hooks && '--hooks',
    yes && '--yes',
    dryRun && '--dry-run',
  ];
  return [programName(), 'install', name, ...flags].filter(Boolean).join(' ');
}

/** The settings that were given with the command and that the server would not find elsewhere. Keys belong in config.json. */
function settingsFor(config: Config, { homeFolder }: Machine): Record<string, string> {
  const found = readConfig({ env: { KEEPSAKE_HOME: config.home } });
  return {
    ...(config.home !== resolve(homeFolder, '.keepsake') && { KEEPSAKE_HOME: config.home }),
    ...(config.user !== found.user && { KEEPSAKE_USER: config.user }),
    ...(config.project !== found.project && { KEEPSAKE_PROJECT: config.project }),
  };
}

async function wantsHooks(
  client: Client,
  { record, options }: { record: { files: { kind: string }[] } | undefined; options: InstallOptions },
): Promise<boolean> {
  const { yes, dryRun, json } = options;
  if (!client.hooks || record?.files.some(({ kind }) => kind === 'hooks') || yes || dryRun || json || !canAsk()) return false;
  return confirmed(
    `Should ${client.title} also show your memories when a session begins, and remember each session when it ends? (hooks in its settings)`,
  );
}

/** The changes; where a server of the same name is in the way, its owner is asked. Raises InstallErrors. */
async function planned(
  plan: (wanted: Pick<Wanted, 'replace' | 'hooks'>) => Promise<FileChange[]>,
  { replace, hooks, options }: { replace: boolean; hooks: boolean; options: InstallOptions },
): Promise<FileChange[]> {
  try {
    return await plan({ replace, hooks });
  } catch (error) {
    if (!(error instanceof ForeignServerError)) throw error;
    if (!options.json && canAsk() && (await confirmed(`${error.message} Replace it? A copy is kept, and uninstall brings it back.`)))
      return plan({ replace: true, hooks });
    throw new InstallError(`${error.message} To replace it, and keep a copy: ${commandOf({ ...options, yes: true })}`, { cause: error });
  }
}

function showPlan(changes: FileChange[], { json, copy }: { json: boolean; copy: string | undefined }): number {
  const copied = copy === undefined ? undefined : `The program would be copied to ${copy}.`;
  const shown = changes.map((change) => (isNothing(change) ? changeLine(change, 'put') : diffText(change)));
  process.stdout.write(
    json
      ? `${JSON.stringify({ dry_run: true, changes: changes.map(changeData), ...(copy !== undefined && { copy }) }, undefined, 2)}\n`
      : `${[...shown, copied, styled('dim', 'Nothing was written.')].filter(Boolean).join('\n')}\n`,
  );
  return 0;
}

function changeData(change: FileChange) {
  return { kind: change.part.kind, path: change.part.path, changed: !isNothing(change) };
}

async function report(
  config: Config,
  given: { client: Client; machine: Machine; changes: FileChange[]; options: InstallOptions; warning: string | undefined },
): Promise<number> {
  const { client, machine, changes, options, warning } = given;
  const { json, version } = options;
  const place = client.place(machine);
  const undo = `${programName()} uninstall ${client.name}`;
  if (!json) process.stdout.write(changes.map((change) => `${changeLine(change, 'put')}\n`).join(''));
  try {
    // What the client will read, not what was meant to be written.
    const entry = asEntry(readServer(place, textOf(await readUserFile(place.path)))) ?? { command: '', args: [] };
    const server = readConfig({ env: { KEEPSAKE_HOME: config.home, ...entry.env } });
    const said = { leaves: whatLeaves(server, client.title), hint: keyHint(config, server), warning };
    const started = await startEntry(entry, { machine, version });
    const lines = [
      `${styled('green', 'It works')}: started as ${client.title} will start it, ${started.name} ${started.version} answered in ${started.ready} ms with ${started.tools} tools; recall knows ${started.memories} memories.`,
      said.leaves,
      said.hint,
      said.warning && styled('yellow', said.warning),
      `${client.restart} To undo all of this: ${undo}`,
    ];
    process.stdout.write(
      json
        ? `${JSON.stringify({ client: client.name, changes: changes.map(changeData), entry, started, ...said }, undefined, 2)}\n`
        : `${lines.filter(Boolean).join('\n')}\n`,
    );
    return 0;
  } catch (error) {
    process.stderr.write(
      `keepsake-mcp: the server was written into ${place.path}, but does not start from there: ${messageOf(error)}\nTo look into it: ${programName()} doctor. To undo: ${undo}\n`,
    );
    return 1;
  }
}

/** What to do with a key that this shell has and the installed server will not have. */
function keyHint(config: Config, server: Config): string | undefined {
  const isHere = config.chat !== undefined && server.chat === undefined;
  return isHere
    ? `The model of this shell is not known to programs outside of it; to give it to all of them: ${programName()} config set OPENAI_API_KEY`
    : undefined;
}
