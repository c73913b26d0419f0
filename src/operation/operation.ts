import type { App } from '../app.js';
import type { ModelReport } from '../configured-models.js';
import type { Logger, Space } from '../core/ports.js';
import type { ToolReport } from '../mcp/service.js';
import type { Page, RequestReport } from '../transports/http/options.js';
import { createMetrics } from './metrics.js';
import { createPages, type PageOptions } from './pages.js';
import { createReadiness, type Readiness } from './readiness.js';
import { logRequests } from './request-log.js';
import { createUnsettled } from './unsettled.js';

/** What the server is watched by: where it reports to, and the pages that tell of it. */
export interface Operation {
  /** A space has changed, and so many inputs wait in it since. */
  onChange(space: Space, inputs: number): void;
  onModelRequest(report: ModelReport): void;
  onTool(report: ToolReport): void;
  onRequest(report: RequestReport): void;
  readiness(): Promise<Readiness>;
  pages: Readonly<Record<string, Page>>;
}

/** What is watched; looked at when somebody asks. */
export interface OperationOptions {
  version: string;
  logger: Logger;
  app: () => App;
  sessions: () => { streamable: number; sse: number };
  isDraining: () => boolean;
  demand: PageOptions['demand'];
}

/** Watches one server over HTTP. */
export function createOperation({ version, logger, app, sessions, isDraining, demand }: OperationOptions): Operation {
  const spaces = () => app().core.spaces;
  const unsettled = createUnsettled(
    { isHeld: (space) => spaces().isOpen(space), lag: (space) => app().vectors.lag(spaces().open(space)) },
    logger,
  );
  const remaining = unsettled.count;
  const isDegraded = () => app().vectors.fault() !== undefined;
  const metrics = createMetrics({ version, gauges: { sessions, remaining, isDegraded, held: () => spaces().held() } });
  const readiness = createReadiness({ requireLog: () => app().requireLog(), remaining, isDegraded, isDraining, logger });
  const log = logRequests(logger);
  return {
    onChange: unsettled.changed,
    onModelRequest: metrics.onModelRequest,
    onTool: metrics.onTool,
    onRequest(report) {
      metrics.onRequest(report);
      log(report);
    },
    readiness,
    pages: createPages({ metrics, readiness, demand }),
  };
}
