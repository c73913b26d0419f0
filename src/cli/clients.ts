import { homedir } from 'node:os';
import { type Client, clientNamed, clients, isFound } from '../install/clients.js';
import type { Machine } from '../install/machine.js';
import type { Records } from '../install/record.js';
import { UsageError } from './command.js';
import { nearMiss } from './near-miss.js';
import { programName } from './program-name.js';
import { styled } from './terminal.js';

/** The computer that this process runs on. */
export function thisMachine(): Machine {
  return { platform: process.platform, env: process.env, homeFolder: homedir() };
}

/** The client of a name. Raises UsageError for an unknown one. */
export function requireClient(name: string): Client {
  const client = clientNamed(name);
  if (client) return client;
  const names = clients.map((one) => one.name);
  const near = nearMiss(name, names);
  const meant = near === undefined ? '' : ` (did you mean ${near}?)`;
  throw new UsageError(`there is no client ${JSON.stringify(name)}${meant}; known are ${names.join(', ')}`);
}

/** Prints which clients there are, which are found on a machine and into which Keepsake is installed. Resolves with the exit code. */
export async function listClients(machine: Machine, { records, json }: { records: Records; json: boolean }): Promise<number> {
  const installed = new Set((await records.all()).map(({ client }) => client));
  const rows = clients.map((client) => ({
    name: client.name,
    title: client.title,
    found: isFound(client, machine),
    installed: installed.has(client.name),
    path: client.place(machine).path,
  }));
  const standing = ({ found, installed: isIn }: (typeof rows)[number]) => (isIn ? 'installed' : found ? 'found' : 'not found');
  const width = (of: (row: (typeof rows)[number]) => string) => Math.max(...rows.map((row) => of(row).length));
  const lines = rows.map((row) => {
    const colour = row.installed ? 'green' : row.found ? 'cyan' : 'dim';
    return `${row.name.padEnd(width((one) => one.name))}  ${row.title.padEnd(width((one) => one.title))}  ${styled(colour, standing(row).padEnd(9))}  ${styled('dim', row.path)}`;
  });
  process.stdout.write(
    json
      ? `${JSON.stringify({ clients: rows }, undefined, 2)}\n`
      : `${[...lines, `To install into one: ${programName()} install CLIENT`].join('\n')}\n`,
  );
  return 0;
}
