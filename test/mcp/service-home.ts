import { v7 as uuid } from 'uuid';
import { afterAll } from 'vitest';
import { type App, openApp } from '../../src/app.js';
import { readConfig } from '../../src/config.js';
import type { Clock } from '../../src/core/ports.js';
import { ownerOf, type Principal } from '../../src/core/principal.js';
import type { Exchange } from '../../src/mcp/exchange.js';
import { createService, type Service } from '../../src/mcp/service.js';
import { silentLogger } from '../store/chroma/fixtures.js';
import { callerOf } from '../support/caller.js';
import { temporaryHome } from '../support/home.js';
import { type AnswerData, quietEnvironment } from '../support/server.js';

/** A service over a home of its own, or over one that another has opened, too. */
export interface ServiceHome {
  app: App;
  home: string;
  service: Service;
  call(principal: Principal, tool: string, given: Record<string, unknown>): Promise<AnswerData>;
  /** The id of a new memory that is kept word for word. */
  remember(principal: Principal, content: string, given?: Record<string, unknown>): Promise<string>;
}

/** Stands for the page that the build makes. */
export const appPageText = '<!doctype html><title>Memories</title>';

const apps = new Set<App>();

afterAll(async () => {
  await Promise.all([...apps].map((app) => app.close()));
});

export async function openServiceHome(options: { home?: string; clock?: Clock } = {}): Promise<ServiceHome> {
  const home = options.home ?? (await temporaryHome());
  const config = readConfig({ flags: {}, env: { ...quietEnvironment, KEEPSAKE_HOME: home } });
  const app = await openApp(config, { logger: silentLogger, ...(options.clock && { clock: options.clock }) });
  apps.add(app);
  const service = createService({
    version: '1',
    logger: silentLogger,
    newCallId: () => uuid(),
    keepsake: async () => app.keepsake,
    appPage: async () => appPageText,
  });
  const call: ServiceHome['call'] = async (principal, tool, given) => {
    const { isError, structuredContent, content } = await service.callTool(tool, given, exchangeOf(principal));
    if (isError) throw new Error(content[0]?.text);
    return structuredContent as unknown as AnswerData;
  };
  return {
    app,
    home,
    service,
    call,
    async remember(principal, content, given = {}) {
      return (await call(principal, 'remember', { content, infer: false, ...given })).results[0]?.id ?? '';
    },
  };
}

/** What a request of this caller brings. */
export function exchangeOf(principal: Principal, currentProject?: string): Exchange {
  return { principal, signal: new AbortController().signal, currentProject: async () => currentProject };
}

/** Somebody whose token lacks the right to read. */
export const writer = callerOf('wes', { rights: new Set(['memory:write']) });

export const owner = ownerOf('default');
