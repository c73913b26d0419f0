import { openApp } from '../app.js';
import type { Config } from '../config.js';
import type { RememberResult } from '../core/answers.js';
import type { ReflectionAnswer } from '../core/reflection/reflect.js';
import { ownSpaces } from '../core/space.js';
import { currentProject } from '../current-project.js';
import { createLogger } from '../logger.js';
import { programName } from './program-name.js';
import { createProgress } from './progress.js';
import { plain, styled } from './terminal.js';

/** What `reflect` is run with. */
export interface ReflectOptions {
  version: string;
  json: boolean;
  signal: AbortSignal;
}

const doneAs = { ADD: 'derived', UPDATE: 'updated', DELETE: 'retired', RESTORE: 'restored', NONE: 'known' };
const mergedAs = { ...doneAs, UPDATE: 'united' };

function line(words: Record<RememberResult['event'], string>): (result: RememberResult) => string {
  return ({ id, event, memory, reason }) =>
    [
      styled(event === 'DELETE' ? 'yellow' : 'green', words[event].padEnd(8)),
      id,
      plain(JSON.stringify(memory)),
      styled('dim', plain(reason ?? '')),
    ]
      .join('  ')
      .trimEnd();
}

function hasChanges({ insights, merged }: ReflectionAnswer): boolean {
  return insights.length + merged.length > 0;
}

/** What a reflection did in a space, for people. */
export function reflectionLines({ space, call_id, insights, merged, rejected, unusable, looked, left }: ReflectionAnswer): string[] {
  const changes = [...merged.map(line(mergedAs)), ...insights.map(line(doneAs))];
  const counts = [
    `${looked} memories looked at`,
    ...(left > 0 ? [`${left} left for the next reflection`] : []),
    ...(rejected.length > 0 ? [`${rejected.length} proposals of the model refused`] : []),
  ];
  const end = changes.length > 0 ? `To undo this: ${programName()} undo ${call_id}` : 'Nothing was changed.';
  const fault = unusable === undefined ? '' : `The model's answer was unusable: ${plain(unusable)}. `;
  return [styled('bold', space), ...changes, `${counts.join(', ')}. ${fault}${end}`];
}

/**
 * Reflects on the user's space and the current project's now, and prints what came of it, or with `json` the same as
 * data. Resolves with the exit code: 0, or 1 where another process is just reflecting on a space, or where the model's
 * answer was unusable and nothing was changed. Raises ModelError,
 * and KeepsakeError invalid_argument without a model.
 */
export async function reflect(config: Config, { version, json, signal }: ReflectOptions): Promise<number> {
  const app = await openApp(config, { logger: createLogger(config.logLevel) });
  const progress = createProgress('reflecting');
  try {
    const project = await currentProject(config, []);
    const spaces = ownSpaces(config.user, project);
    const answers: ReflectionAnswer[] = [];
    for (const [done, space] of spaces.entries()) {
      progress.update(done, spaces.length, space);
      const call = { id: app.core.ids.event(), client: `keepsake-mcp/${version}`, signal };
      const answer = await app.keepsake.reflect(space, call);
      if (answer) answers.push(answer);
      else process.stderr.write(`keepsake-mcp: another process is just reflecting on ${space}; try again in a minute.\n`);
    }
    progress.end();
    const text = json ? JSON.stringify(answers, undefined, 2) : answers.map((answer) => reflectionLines(answer).join('\n')).join('\n\n');
    if (text !== '') process.stdout.write(`${text}\n`);
    const isFruitless = answers.some(({ unusable }) => unusable !== undefined) && !answers.some(hasChanges);
    return answers.length === spaces.length && !isFruitless ? 0 : 1;
  } finally {
    progress.end();
    await app.close();
  }
}
