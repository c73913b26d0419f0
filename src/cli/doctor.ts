import type { Config } from '../config.js';
import { createLogger } from '../logger.js';
import { checkup } from './checkup.js';
import type { Finding, Standing } from './finding.js';
import { type Cell, table } from './table.js';
import { isForPeople, type Style, styled } from './terminal.js';

const colours: Record<Standing, Style> = { ok: 'green', note: 'yellow', broken: 'red' };

function lineOf({ part, standing, text, fix }: Finding): string {
  return `${styled(colours[standing], standing.padEnd(6))}  ${part.padEnd(9)}  ${[text, fix].filter(Boolean).join(' -> ').replaceAll(/\s+/g, ' ')}`;
}

function pageOf(findings: readonly Finding[]): string {
  const rows = findings.map(({ part, standing, text, fix }): Cell[] => [
    [{ text: standing, style: colours[standing] }],
    part,
    [{ text }, ...(fix ? [{ text: `-> ${fix}`, style: 'cyan' as const }] : [])],
  ]);
  return `${table(['', 'Part', 'Finding'], rows, { flexible: 2 })}\n`;
}

/**
 * Looks at every part of an installation and prints one line each with what would fix it, or with `json` the same as
 * data. Resolves with the exit code: 1 when something is broken, 0 also when it works with less than it could have.
 */
export async function doctor(config: Config, options: { version: string; json: boolean; signal: AbortSignal }): Promise<number> {
  const { version, json, signal } = options;
  // What goes wrong is in the findings; the log would only say it again.
  const findings = await checkup(config, { logger: createLogger('error'), signal });
  const healthy = findings.every(({ standing }) => standing !== 'broken');
  process.stdout.write(
    json
      ? `${JSON.stringify({ version, healthy, findings }, undefined, 2)}\n`
      : `keepsake-mcp ${version}\n${isForPeople() ? pageOf(findings) : findings.map((finding) => `${lineOf(finding)}\n`).join('')}`,
  );
  return healthy ? 0 : 1;
}
