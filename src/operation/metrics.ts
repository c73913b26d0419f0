import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { ModelReport } from '../configured-models.js';
import type { ToolReport } from '../mcp/service.js';
import type { RequestReport } from '../transports/http/options.js';
import type { Remaining } from './unsettled.js';

/** What is looked at when the metrics are asked for. */
export interface Gauges {
  sessions(): { streamable: number; sse: number };
  remaining(): Promise<Remaining>;
  /** Spaces that are held in memory, and bytes that they are estimated to take. */
  held(): { spaces: number; bytes: number };
  /** Whether the vector index or its model fails. */
  isDegraded(): boolean;
}

/** Counts what the server does; nothing of what it is told, and nobody's name. */
export interface Metrics {
  onTool(report: ToolReport): void;
  onModelRequest(report: ModelReport): void;
  onRequest(report: RequestReport): void;
  /** Of the text. */
  readonly contentType: string;
  /** Everything in the text format of Prometheus. */
  text(): Promise<string>;
}

/** Seconds. Answers from memory take a few milliseconds, those that wait for a model up to 45 seconds. */
const toolBuckets = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 45];
const modelBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 40, 60];
/** Methods of their own; whatever else a client thinks of is one. */
const methods = ['GET', 'POST', 'DELETE', 'OPTIONS', 'HEAD'];

/** Makes the metrics of one server, in a registry of their own. */
export function createMetrics({ version, gauges }: { version: string; gauges: Gauges }): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({ name: 'keepsake_build_info', help: 'Always 1; the label names the version.', labelNames: ['version'], registers }).set(
    { version },
    1,
  );

  const toolCalls = new Counter({
    name: 'keepsake_tool_calls_total',
    help: 'Calls of tools by what came of them: ok, cancelled by the client, or the code of the error.',
    labelNames: ['tool', 'outcome'],
    registers,
  });
  const toolTime = new Histogram({
    name: 'keepsake_tool_call_duration_seconds',
    help: 'Time to the answer of a call.',
    labelNames: ['tool'],
    buckets: toolBuckets,
    registers,
  });
  const requests = new Counter({
    name: 'keepsake_http_requests_total',
    help: 'Answered HTTP requests.',
    labelNames: ['route', 'method', 'status'],
    registers,
  });
  const modelRequests = new Counter({
    name: 'keepsake_model_requests_total',
    help: 'Requests to models, retries included: ok, rate_limited, refused (4xx), failed (5xx or no answer), abandoned.',
    labelNames: ['kind', 'outcome'],
    registers,
  });
  const modelTime = new Histogram({
    name: 'keepsake_model_request_duration_seconds',
    help: 'Time of one request to a model.',
    labelNames: ['kind'],
    buckets: modelBuckets,
    registers,
  });
  const modelTokens = new Counter({
    name: 'keepsake_model_tokens_total',
    help: 'Tokens as the endpoints count them.',
    labelNames: ['kind', 'direction'],
    registers,
  });

  new Gauge({
    name: 'keepsake_sessions',
    help: 'Open sessions of clients.',
    labelNames: ['transport'],
    registers,
    collect() {
      for (const [transport, count] of Object.entries(gauges.sessions())) this.set({ transport }, count);
    },
  });
  const pending = new Gauge({ name: 'keepsake_pending_inputs', help: 'Inputs that wait for a model.', registers });
  const lag = new Gauge({ name: 'keepsake_index_lag_memories', help: 'Changed memories that the vector index lacks.', registers });
  const heldSpaces = new Gauge({ name: 'keepsake_held_spaces', help: 'Spaces that are held in memory.', registers });
  const heldBytes = new Gauge({ name: 'keepsake_held_bytes', help: 'Memory that held spaces take, as estimated.', registers });
  new Gauge({
    name: 'keepsake_index_degraded',
    help: '1 while the vector index or the embedding model fails.',
    registers,
    collect() {
      this.set(gauges.isDegraded() ? 1 : 0);
    },
  });

  return {
    onTool({ tool, outcome, milliseconds }) {
      toolCalls.inc({ tool, outcome });
      toolTime.observe({ tool }, milliseconds / 1000);
    },
    onModelRequest({ kind, outcome, milliseconds, promptTokens = 0, completionTokens = 0 }) {
      modelRequests.inc({ kind, outcome });
      modelTime.observe({ kind }, milliseconds / 1000);
      modelTokens.inc({ kind, direction: 'prompt' }, promptTokens);
      modelTokens.inc({ kind, direction: 'completion' }, completionTokens);
    },
    onRequest({ route, method, status }) {
      requests.inc({ route, method: methods.includes(method) ? method : 'other', status: `${Math.floor(status / 100)}xx` });
    },
    contentType: registry.contentType,
    async text() {
      const { inputs, memories } = await gauges.remaining();
      pending.set(inputs);
      lag.set(memories);
      const held = gauges.held();
      heldSpaces.set(held.spaces);
      heldBytes.set(held.bytes);
      return registry.metrics();
    },
  };
}
