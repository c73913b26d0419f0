import type { Config, ModelEndpoint } from './config.js';

/** What is sent somewhere, and where to. */
export interface Leaving {
  what: string;
  /** The endpoint's URL without user, password and query, and the model if it is one. */
  to: string;
  /** Whether it goes no further than this computer. */
  stays: boolean;
}

const local = /^(localhost|127(\.\d+){3}|\[::1\])$/;

function leaving(what: string, address: string, model?: string): Leaving {
  const { origin, pathname, hostname } = new URL(address);
  const place = `${origin}${pathname.replace(/\/$/, '')}`;
  return { what, to: model === undefined ? place : `${place} (${model})`, stays: local.test(hostname) };
}

/** Everything that a configuration makes the program send to other servers. */
export function leavings(config: Config): Leaving[] {
  const { chat, embedding, vision, transcription, reranker, chroma, infer, store } = config;
  const model = (what: string, endpoint: ModelEndpoint | undefined) => (endpoint ? [leaving(what, endpoint.baseUrl, endpoint.model)] : []);
  // Where the address is not given, a key means Chroma's own cloud.
  const chromaUrl = chroma.url ?? (chroma.apiKey === undefined ? undefined : 'https://api.trychroma.com');
  return [
    ...model('texts you remember and memories close to them', infer === 'rules' ? undefined : chat),
    ...model('memories and queries', embedding),
    ...model('images', vision),
    ...model('recordings', transcription),
    ...(reranker ? [leaving('queries and the memories found', reranker.url, reranker.model)] : []),
    ...(chromaUrl !== undefined && store !== 'embedded' ? [leaving('vectors and labels of memories, not their texts', chromaUrl)] : []),
  ];
}

/** One line that says what leaves this machine, and to whom: what the program sends, and what `reader` makes of what it recalls. */
export function whatLeaves(config: Config, reader = 'an assistant'): string {
  const all = leavings(config);
  const away = all.filter(({ stays }) => !stays).map(({ what, to }) => `${what}, to ${to}`);
  const near = all.filter(({ stays }) => stays).map(({ to }) => to);
  const within =
    near.length > 0 ? `off this machine (${[...new Set(near)].join(' and ')} ${near.length > 1 ? 'run' : 'runs'} on it)` : 'anywhere';
  return away.length > 0
    ? `What leaves this machine: ${away.join('; ')}; what ${reader} recalls, to whoever runs its model.`
    : `Keepsake sends nothing ${within}; what ${reader} recalls goes to whoever runs its model.`;
}
