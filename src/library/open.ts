import { openApp } from '../app.js';
import { createChatModel } from '../configured-models.js';
import { messageOf } from '../core/errors.js';
import type { Logger, Space } from '../core/ports.js';
import { currentProject } from '../current-project.js';
import type { OpenKeepsake } from './open-keepsake.js';
import type { OpenOptions } from './open-options.js';
import { createOpened } from './opened.js';
import { configOf, memoryHome } from './settings.js';
import { makeTemporaryHome } from './temporary-home.js';
import { createUsageMeter } from './usage-meter.js';

declare const __VERSION__: string;

const nobody = () => undefined;
const silent: Logger = { debug: nobody, info: nobody, warn: nobody, error: nobody };

/** Opens a memory with the parts that the options name. Raises KeepsakeErrors invalid_argument, log_unavailable and update_needed. */
export async function open(options: OpenOptions): Promise<OpenKeepsake> {
  const isTemporary = options.home === memoryHome;
  // Options that cannot be used leave no folder behind.
  const temporary = isTemporary && configOf(options) ? await makeTemporaryHome() : undefined;
  try {
    return await openAt(options, temporary);
  } catch (error) {
    await temporary?.remove();
    throw error;
  }
}

async function openAt(options: OpenOptions, temporary: Awaited<ReturnType<typeof makeTemporaryHome>> | undefined): Promise<OpenKeepsake> {
  const { clock, env = {}, logger = silent, client = `keepsake-mcp/${__VERSION__}` } = options;
  const config = configOf(options, temporary?.path);
  const { chat, ...models } = options.models ?? {};
  const meter = createUsageMeter();
  const used = new Set<Space>();
  const project = await currentProject(config, [], env);
  const app = await openApp(config, { logger, clock, models, onModelRequest: meter.hear, onChange: (space) => used.add(space) });
  const model = chat ?? createChatModel(config, { onRequest: meter.hear });
  const warmth = temporary
    ? undefined
    : app.warmUp(project).catch((error: unknown) => logger.warn('the home cannot be looked after', { reason: messageOf(error) }));
  return createOpened({
    app,
    meter,
    model,
    client,
    project,
    used,
    async onClose() {
      await warmth;
      await app.close();
      await temporary?.remove();
    },
  });
}
