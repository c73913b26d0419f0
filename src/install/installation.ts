import type { Client } from './clients.js';
import { createHooksPart } from './hooks-part.js';
import { InstallError } from './install-error.js';
import type { Machine } from './machine.js';
import type { Part } from './part.js';
import type { InstallRecord, RecordedFile } from './record.js';
import { createRulesPart, type RulesFile, rulesText } from './rules-part.js';
import { createServerPart, type ServerEntry, type ServerPlace } from './server-part.js';

/** What is to be installed into a client. */
export interface Wanted {
  client: Client;
  machine: Machine;
  entry: ServerEntry;
  /** Overwrite a server of the same name that is not Keepsake. */
  replace: boolean;
  rules: boolean;
  /** Absolute paths of the projects whose rules are meant; empty: the user's own rules. */
  projectFolders: readonly string[];
  hooks: boolean;
  /** What is installed already. */
  record: InstallRecord | undefined;
}

/** A part that a client has no place for. The message says why, `otherwise` what to want instead. */
export class NoSuchPartError extends InstallError {
  readonly otherwise: Partial<Pick<Wanted, 'rules' | 'hooks' | 'projectFolders'>>;

  constructor(message: string, otherwise: NoSuchPartError['otherwise']) {
    super(message);
    this.otherwise = otherwise;
  }
}

/** What an installation consists of: what is wanted, and what was installed before and is brought up to date. Raises InstallErrors. */
export function partsToPut(wanted: Wanted): Part[] {
  const { client, machine, entry, rules, hooks, record } = wanted;
  const place = client.place(machine);
  const hooksPath = client.hooks?.(machine);
  if (hooks && hooksPath === undefined) throw new NoSuchPartError(`${client.title} has no hooks; leave out --hooks`, { hooks: false });
  const asked = [
    createServerPart({ place, entry, programs: [...entry.args, ...(record?.args ?? [])], replace: wanted.replace }),
    ...(rules ? rulesFiles(wanted).map(createRulesPart) : []),
    ...(hooks && hooksPath !== undefined ? [createHooksPart({ path: hooksPath, entry, platform: machine.platform })] : []),
  ];
  const isAsked = (file: RecordedFile) => asked.some(({ kind, path }) => kind === file.kind && path === file.path);
  const earlier = record?.files.filter((file) => !isAsked(file)).map((file) => partOf(file, { client, machine, record, entry })) ?? [];
  return [...asked, ...earlier];
}

/** What is to be taken out of a client: what its record names, or without one whatever can be there. */
export function partsToTake({ client, machine, record }: Pick<Wanted, 'client' | 'machine' | 'record'>): Part[] {
  if (record) return record.files.map((file) => partOf(file, { client, machine, record, entry: record }));
  const hooksPath = client.hooks?.(machine);
  const rules = client.userRules?.(machine);
  const entry = { command: '', args: [] };
  return [
    createServerPart({ place: client.place(machine), entry, programs: [], replace: false }),
    ...(rules ? [createRulesPart(rules)] : []),
    ...(hooksPath === undefined ? [] : [createHooksPart({ path: hooksPath, entry, platform: machine.platform })]),
  ];
}

/** What a person would add to a client's empty configuration. */
export function serverSnippet(place: ServerPlace, entry: ServerEntry): string {
  return createServerPart({ place, entry, programs: [], replace: true }).put('').trim();
}

function partOf(
  { kind, path }: RecordedFile,
  { client, machine, record, entry }: { client: Client; machine: Machine; record: InstallRecord; entry: ServerEntry },
): Part {
  switch (kind) {
    case 'server':
      return createServerPart({
        place: { ...client.place(machine), path },
        entry,
        programs: [...record.args, ...entry.args],
        replace: false,
      });
    case 'rules': {
      const user = client.userRules?.(machine);
      return createRulesPart(user?.path === path ? user : { ...client.projectRules?.(''), path });
    }
    case 'hooks':
      return createHooksPart({ path, entry, platform: machine.platform });
    default:
      return kind satisfies never;
  }
}

function rulesFiles({ client, machine, projectFolders }: Wanted): RulesFile[] {
  if (projectFolders.length === 0) {
    const user = client.userRules?.(machine);
    if (user) return [user];
    if (client.projectRules)
      throw new NoSuchPartError(`${client.title} reads rules in projects alone; name the folder of one`, { projectFolders: ['.'] });
  } else if (client.projectRules) {
    return projectFolders.map(client.projectRules);
  }
  throw new NoSuchPartError(
    `${client.title} reads no file of rules. Put these words into its settings:\n\n${rulesText}\n\nand leave out --rules`,
    { rules: false, projectFolders: [] },
  );
}
