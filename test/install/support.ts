import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { carryOutPut, carryOutTake, planPut, planTake } from '../../src/install/changes.js';
import { type Client, clientNamed } from '../../src/install/clients.js';
import { partsToPut, partsToTake, type Wanted } from '../../src/install/installation.js';
import type { Machine } from '../../src/install/machine.js';
import { openRecords } from '../../src/install/record.js';
import type { ServerEntry } from '../../src/install/server-part.js';
import { temporaryHome } from '../support/home.js';
import { program } from '../support/server.js';

/** A computer in an empty folder, with a home of Keepsake in it whose servers leave no other process behind. */
export interface Simulated {
  machine: Machine;
  home: string;
  entry: ServerEntry;
}

/** Platforms that clients run on. */
export const platforms = ['darwin', 'linux', 'win32'] as const;

/** Makes a computer. */
export async function simulate(platform: NodeJS.Platform): Promise<Simulated> {
  const homeFolder = await temporaryHome();
  const home = join(homeFolder, 'a home of Keepsake');
  await write(join(home, 'config.json'), '{"KEEPSAKE_STORE":"embedded","KEEPSAKE_PROJECT":"none"}');
  const env =
    platform === 'win32' ? { APPDATA: join(homeFolder, 'AppData', 'Roaming'), LOCALAPPDATA: join(homeFolder, 'AppData', 'Local') } : {};
  const entry = { command: process.execPath, args: [program], env: { KEEPSAKE_HOME: home } };
  return { machine: { platform, env, homeFolder }, home, entry };
}

/** The client of a name that the test knows to exist. */
export function client(name: string): Client {
  const found = clientNamed(name);
  if (!found) throw new Error(`no client ${name}`);
  return found;
}

/** Installs as the command does. */
export async function putInto(name: string, { machine, home, entry }: Simulated, wanted: Partial<Wanted> = {}): Promise<void> {
  const records = openRecords(home);
  const record = await records.read(name);
  const asked = { client: client(name), machine, entry, replace: false, rules: false, projectFolders: [], hooks: false, record, ...wanted };
  const changes = await planPut(partsToPut(asked), { record, records });
  const said = { client: name, version: '1.0.0', at: '2026-01-01T00:00:00Z', ...asked.entry, files: record?.files ?? [] };
  await carryOutPut(changes, { record: said, records });
}

/** Uninstalls as the command does. */
export async function takeOutOf(name: string, { machine, home }: Simulated): Promise<void> {
  const records = openRecords(home);
  const record = await records.read(name);
  await carryOutTake(await planTake(partsToTake({ client: client(name), machine, record }), { record, records }));
  await records.remove(name);
}

/** Writes a file and the folders that it needs. */
export async function write(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** A file's text. */
export function read(path: string): Promise<string> {
  return readFile(path, 'utf8');
}
