import { expect, it } from 'vitest';
import { createLogger, type LogLevel } from '../src/logger.js';

function linesAt(level: LogLevel) {
  const lines: string[] = [];
  const logger = createLogger(level, (line) => lines.push(line));
  return { lines, logger };
}

it('a log line is one line of JSON with time, level, message and fields', () => {
  const { lines, logger } = linesAt('info');
  logger.warn('two\nlines', { error: new TypeError('bad'), size: 3n });
  expect(lines).toHaveLength(1);
  expect(lines[0]).toMatch(/^[^\n]+\n$/);
  expect(JSON.parse(lines[0]!)).toEqual({
    time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
    level: 'warn',
    message: 'two\nlines',
    error: 'TypeError: bad',
    size: '3',
  });
});

it('a logger leaves out what is below its level', () => {
  const { lines, logger } = linesAt('warn');
  logger.debug('a');
  logger.info('b');
  logger.warn('c');
  logger.error('d');
  expect(lines.map((line) => JSON.parse(line).message)).toEqual(['c', 'd']);
});
