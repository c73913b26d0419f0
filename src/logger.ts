import type { Logger } from './core/ports.js';

/** The levels of log lines, from the most to the least talkative. */
export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
/** One of the levels of log lines. */
export type LogLevel = (typeof logLevels)[number];

function readable(_key: string, value: unknown): unknown {
  if (value instanceof Error) return `${value.name}: ${value.message}`;
  return typeof value === 'bigint' ? String(value) : value;
}

/**
 * Logs lines of JSON {time, level, message, ...fields} from `level` upwards. They go to stderr unless `write` takes
 * them, because stdout belongs to the protocol.
 */
export function createLogger(level: LogLevel, write: (line: string) => void = (line) => process.stderr.write(line)): Logger {
  const log = (lineLevel: LogLevel) => (message: string, fields?: Record<string, unknown>) => {
    if (logLevels.indexOf(lineLevel) < logLevels.indexOf(level)) return;
    write(`${JSON.stringify({ time: new Date().toISOString(), level: lineLevel, message, ...fields }, readable)}\n`);
  };
  return { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') };
}
