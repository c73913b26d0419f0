import { AsyncLocalStorage } from 'node:async_hooks';
import type { ModelReport } from '../configured-models.js';
import type { Usage } from './usage.js';

/** Counts what models are asked, apart for each call and for what goes on behind them. */
export interface UsageMeter {
  /** Takes in a request that is over. */
  hear(report: ModelReport): void;
  /** Does the work of one call and adds to its answer what models were asked for it until then. */
  during<A extends object>(work: () => Promise<A>): Promise<A & { usage: Usage }>;
  /** What was asked behind the calls since this was asked last. */
  takeBackground(): Usage;
  /** Everything since the start, in calls and behind them. */
  total(): Usage;
}

const nothing: Readonly<Usage> = {
  model_calls: 0,
  tokens_in: 0,
  tokens_out: 0,
  embedding_calls: 0,
  embedding_tokens: 0,
  rerank_calls: 0,
  rerank_tokens: 0,
};

function add(usage: Usage, { kind, promptTokens = 0, completionTokens = 0 }: ModelReport): void {
  switch (kind) {
    case 'chat':
    case 'vision':
    case 'transcription':
      usage.model_calls += 1;
      usage.tokens_in += promptTokens;
      usage.tokens_out += completionTokens;
      return;
    case 'embedding':
      usage.embedding_calls += 1;
      usage.embedding_tokens += promptTokens;
      return;
    case 'rerank':
      usage.rerank_calls += 1;
      usage.rerank_tokens += promptTokens;
      return;
    default:
      kind satisfies never;
  }
}

/** Tells by the asynchronous context which call a request belongs to, so that parallel calls do not mix. */
export function createUsageMeter(): UsageMeter {
  const calls = new AsyncLocalStorage<{ usage: Usage; isOver: boolean }>();
  const all = { ...nothing };
  let background = { ...nothing };

  return {
    hear(report) {
      const call = calls.getStore();
      add(all, report);
      // What a call that has answered left under way goes on behind it.
      add(call && !call.isOver ? call.usage : background, report);
    },
    async during(work) {
      const call = { usage: { ...nothing }, isOver: false };
      try {
        return { ...(await calls.run(call, work)), usage: call.usage };
      } finally {
        call.isOver = true;
      }
    },
    takeBackground() {
      const taken = background;
      background = { ...nothing };
      return taken;
    },
    total: () => ({ ...all }),
  };
}
