import type { Config, ConfigSources } from '../config.js';

/** What a command is run with. */
export interface Run {
  /** All settings, read when they are first asked for; root is the owner of the home from then on. Raises ConfigError. */
  readonly config: Config;
  /** What settings are read from. */
  sources: ConfigSources;
  args: string[];
  /** Of its own flags those that were given, by name without dashes. */
  flags: Flags;
  json: boolean;
  signal: AbortSignal;
}

/** Flags that were given, by name without dashes. */
export type Flags = Record<string, string | boolean | string[]>;

/** One flag of a command. */
export interface Flag {
  type: 'string' | 'boolean';
  multiple?: boolean;
  /** What stands for its value in the help. */
  value?: string;
  /** The only values that it takes. */
  choices?: readonly string[];
  /** One line for people. */
  meaning?: string;
  /** It is called like a setting, and is none here. */
  own?: true;
}

/** A part of the help. */
export type Group = 'Your memories' | 'Setting up' | 'Serving' | 'Looking after it';

/** One command, its code loaded when it is needed. */
export interface Command {
  /** Names of what has to follow it; one in brackets may be left out, one with ... may be given several times. */
  args: readonly string[];
  /** Its own flags, by name without dashes. */
  flags?: Readonly<Record<string, Flag>>;
  /** What it does, in one line. */
  meaning: string;
  group?: Group;
  /** Not for people: left out of the help. */
  hidden?: true;
  /** It works on files of its caller rather than on those of the home, or sees to the owner itself: root stays root. */
  asCaller?: true;
  run(run: Run): Promise<number>;
}

/** Commands that share a first word, each with its own. */
export interface CommandFamily {
  meaning: string;
  group?: Group;
  actions: Readonly<Record<string, Command>>;
}

/** What a command was called with cannot be understood; the message is one line for stderr and the exit code is 2. */
export class UsageError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'UsageError';
  }
}

/** A word of a command line that nobody knows. What was meant is looked for only then, since that takes a while to load. */
export class UnknownWordError extends UsageError {
  readonly word: string;
  /** What there is in its place. */
  readonly known: readonly string[];
  /** What stands before it where it is meant. */
  readonly prefix: string;
  /** What is said where nothing is near. */
  readonly otherwise: string;

  constructor(
    message: string,
    { word, known, prefix = '', otherwise = '' }: { word: string; known: readonly string[]; prefix?: string; otherwise?: string },
  ) {
    super(message);
    this.word = word;
    this.known = known;
    this.prefix = prefix;
    this.otherwise = otherwise;
  }
}

/** The commands of a table that run, a family's by both of their words. */
export function everyCommand(table: Readonly<Record<string, Command | CommandFamily>>): [name: string, command: Command][] {
  return Object.entries(table).flatMap(([name, entry]) =>
    'actions' in entry
      ? Object.entries(entry.actions).map(([action, command]): [string, Command] => [`${name} ${action}`, command])
      : [[name, entry]],
  );
}
