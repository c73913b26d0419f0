import type { Config } from '../config.js';
import { carryOutTake, type FileChange, isNothing, planTake } from '../install/changes.js';
import { InstallError } from '../install/install-error.js';
import { partsToTake } from '../install/installation.js';
import { removeUnusedPrograms } from '../install/program.js';
import { type InstallRecord, openRecords } from '../install/record.js';
import { asEntry, readServer, type ServerEntry, type ServerPlace } from '../install/server-part.js';
import { readUserFile, textOf } from '../install/user-file.js';
import { options } from '../options.js';
import { requireClient, thisMachine } from './clients.js';
import { changeLine, diffText } from './install-lines.js';
import { programName } from './program-name.js';

/** What `uninstall` is run with. */
export interface UninstallOptions {
  name: string;
  dryRun: boolean;
  json: boolean;
}

/**
 * Takes out of a client's files what `install` put there; memories stay. Resolves with the exit code: 1 where nothing
 * was changed because something is in the way. Raises UsageError for an unknown client.
 */
export async function uninstall(config: Config, { name, dryRun, json }: UninstallOptions): Promise<number> {
  const client = requireClient(name);
  const machine = thisMachine();
  const records = openRecords(config.home);
  let record: InstallRecord | undefined;
  let changes: FileChange[];
  try {
    record = await records.read(name);
    changes = await planTake(partsToTake({ client, machine, record }), { record, records });
    if (!record) requireSameHome(await readEntry(client.place(machine)), { name, home: config.home });
    if (!dryRun) await carryOutTake(changes);
  } catch (error) {
    if (!(error instanceof InstallError)) throw error;
    process.stderr.write(`keepsake-mcp: ${error.message}\nNothing was changed.\n`);
    return 1;
  }
  // From here on the client is changed, and no error may say that it is not.
  if (!dryRun) {
    await records.remove(name);
    await removeUnusedPrograms(
      config.home,
      (await records.all()).flatMap(({ args }) => args),
    );
  }
  const isInstalled = record !== undefined || changes.some((change) => !isNothing(change));
  const data = changes.map((change) => ({ kind: change.part.kind, path: change.part.path, changed: !isNothing(change) }));
  if (json)
    process.stdout.write(`${JSON.stringify({ client: name, dry_run: dryRun, installed: isInstalled, changes: data }, undefined, 2)}\n`);
  else if (!isInstalled) process.stdout.write(`Keepsake is not installed in ${client.title}; there is nothing to take out.\n`);
  else if (dryRun) process.stdout.write(`${[...changes.map(diffText), 'Nothing was written.'].join('\n')}\n`);
  else process.stdout.write(`${[...changes.map((change) => changeLine(change, 'take')), end(client.title, config.home)].join('\n')}\n`);
  return 0;
}

async function readEntry(place: ServerPlace): Promise<ServerEntry | undefined> {
  return asEntry(readServer(place, textOf(await readUserFile(place.path))));
}

/** Raises an InstallError for a server that was installed with another home, where the record of it is. */
function requireSameHome(entry: ServerEntry | undefined, { name, home }: { name: string; home: string }): void {
  const other = entry?.env?.[options.home.name];
  if (other !== undefined && other !== home)
    throw new InstallError(`it was installed with another home; take it out with: ${programName()} uninstall ${name} --home ${other}`);
}

function end(title: string, home: string): string {
  return `Keepsake is out of ${title}. Your memories stay in ${home}.`;
}
