import type { ForgetAnswer } from './answers.js';
import type { Call, Core, Scope } from './core.js';
import { erase } from './erase.js';
import { KeepsakeError } from './errors.js';
import { defined } from './facts.js';
import type { Confirmation } from './ports.js';
import { isLive, type Memory } from './projection.js';
import { admission, recall } from './recall.js';
import { originOf } from './remember.js';
import type { OpenSpace, SpaceView } from './spaces.js';
import { formatInstant } from './time/instants.js';

/** What is to be forgotten; exactly one of memory_ids, query, all and confirm. */
export interface ForgetRequest {
  scope: Scope;
  memory_ids?: string[] | undefined;
  query?: string | undefined;
  all?: boolean | undefined;
  confirm?: string | undefined;
  limit: number;
  filters?: unknown;
  agent_id?: string | undefined;
  run_id?: string | undefined;
  erase: boolean;
  reason?: string | undefined;
}

/** The answer, with what a preview left out because another agent or run stated it too. */
export interface Forgotten {
  answer: ForgetAnswer;
  /** Memories that stay because another agent or run stated them too. */
  left: number;
}

/** How long a preview can be confirmed, in milliseconds. */
const confirmWithin = 10 * 60 * 1000;
/** Memories that a preview lists; all of them are counted. */
const mostCandidates = 100;
/** Characters of a memory's text in an answer. */
const longestText = 2000;

/** Forgets by id at once, by query or all after a confirmation. Raises KeepsakeErrors invalid_argument and confirm_invalid. */
export async function forget(core: Core, request: ForgetRequest, call: Call): Promise<Forgotten> {
  if (request.confirm !== undefined) return { answer: await confirmed(core, request.scope, { token: request.confirm, call }), left: 0 };
  if (request.memory_ids !== undefined) return { answer: await byIds(core, request, { ids: request.memory_ids, call }), left: 0 };
  if (request.query !== undefined) return { answer: await byQuery(core, request, { query: request.query, call }), left: 0 };
  return everything(core, request);
}

async function byIds(core: Core, request: ForgetRequest, { ids, call }: { ids: string[]; call: Call }): Promise<ForgetAnswer> {
  const wanted = [...new Set(ids)];
  const { open, found } = await where(core, request.scope, wanted);
  if (request.erase) {
    const targets = await open.read((view) => found.flatMap((id) => stored(view, id) ?? []));
    const preview = await ask(core, open, targets, { request, shown: targets });
    return { ...preview, not_found: wanted.filter((id) => !targets.some((memory) => memory.id === id)) };
  }
  return open.commit(originOf(call), (view) => {
    const memories = found.flatMap((id) => live(view, id, core.clock.now()) ?? []);
    const gone = new Set(memories.map((memory) => memory.id));
    return {
      drafts: memories.map((memory) => retirement(memory, request.reason)),
      answer: { forgotten: memories.map(brief), not_found: wanted.filter((id) => !gone.has(id)) },
    };
  });
}

/** The first space of the scope that knows one of the ids, and the ids that it knows. */
async function where(core: Core, scope: Scope, ids: string[]): Promise<{ open: OpenSpace; found: string[] }> {
  for (const space of scope) {
    const open = core.spaces.open(space);
    const found = await open.read((view) => ids.filter((id) => view.projection.memories.has(id)));
    if (found.length > 0) return { open, found };
  }
  return { open: core.spaces.open(scope[0]), found: [] };
}

async function byQuery(core: Core, request: ForgetRequest, { query, call }: { query: string; call: Call }): Promise<ForgetAnswer> {
  const { filters, agent_id, run_id, limit } = request;
  const open = core.spaces.open(request.scope[0]);
  const hits = await recall(core, { spaces: [open.space], query, filters, agent_id, run_id, limit }, call);
  const targets = await open.read((view) => hits.memories.flatMap(({ id }) => live(view, id, core.clock.now()) ?? []));
  const scores = new Map(hits.memories.map((memory) => [memory.id, memory.score]));
  return ask(core, open, targets, { request, shown: targets, scores });
}

async function everything(core: Core, request: ForgetRequest): Promise<Forgotten> {
  const open = core.spaces.open(request.scope[0]);
  const passes = admission(core, request);
  const matching = await open.read((view) => [...view.projection.memories.values()].filter(passes));
  const isOthers = (memory: Memory) =>
    memory.labels.some(
      (label) =>
        (request.agent_id !== undefined && label.agent_id !== request.agent_id) ||
        (request.run_id !== undefined && label.run_id !== request.run_id),
    );
  const targets = matching.filter((memory) => !isOthers(memory));
  return { answer: await ask(core, open, targets, { request, shown: [] }), left: matching.length - targets.length };
}

/** Shows what would be forgotten and keeps it until it is confirmed. */
async function ask(
  core: Core,
  open: OpenSpace,
  targets: Memory[],
  options: { request: ForgetRequest; shown: Memory[]; scores?: Map<string, number | undefined> },
): Promise<ForgetAnswer> {
  const { request, shown, scores } = options;
  const candidates = shown.slice(0, mostCandidates).map((memory) => {
    const created_at = formatInstant(Date.parse(memory.created_at), core.zone);
    return defined({ ...brief(memory), created_at, score: scores?.get(memory.id) });
  });
  const preview = { forgotten: [], not_found: [], count: targets.length, ...(candidates.length > 0 ? { candidates } : {}) };
  if (targets.length === 0) return preview;
  const expires_at = new Date(core.clock.now() + confirmWithin).toISOString();
  const memories = targets.map(({ id, revision }) => ({ id, revision }));
  const token = await core.confirmations.put(
    defined({ space: open.space, memories, erase: request.erase, reason: request.reason, expires_at }) as Confirmation,
  );
  return { ...preview, confirm_token: token, expires_at: formatInstant(Date.parse(expires_at), core.zone) };
}

async function confirmed(core: Core, scope: Scope, { token, call }: { token: string; call: Call }): Promise<ForgetAnswer> {
  const invalid = new KeepsakeError(
    'confirm_invalid',
    'This confirm_token is unknown, used or older than 10 minutes; call forget again without confirm for a new preview.',
  );
  const preview = await core.confirmations.peek(token);
  if (!preview || !scope.includes(preview.space) || Date.parse(preview.expires_at) <= core.clock.now()) throw invalid;
  if (!(await core.confirmations.consume(token))) throw invalid;
  const open = core.spaces.open(preview.space);
  if (preview.erase) return erase(core, open, { memories: preview.memories, reason: preview.reason, call });
  return open.commit(originOf(call), (view) => {
    const memories = preview.memories.flatMap(({ id, revision }) => {
      const memory = live(view, id, core.clock.now());
      return memory && memory.revision === revision ? [memory] : [];
    });
    const gone = new Set(memories.map((memory) => memory.id));
    return {
      drafts: memories.map((memory) => retirement(memory, preview.reason)),
      answer: { forgotten: memories.map(brief), not_found: preview.memories.map(({ id }) => id).filter((id) => !gone.has(id)) },
    };
  });
}

function retirement(memory: Memory, reason: string | undefined) {
  return defined({ event: 'DELETE' as const, memory_id: memory.id, revision: memory.revision, base: memory.revision, reason });
}

function live(view: SpaceView, id: string, now: number): Memory | undefined {
  const memory = view.projection.memories.get(id);
  return memory && isLive(memory, now) ? memory : undefined;
}

/** Forgotten memories can still be erased; erased ones are gone. */
function stored(view: SpaceView, id: string): Memory | undefined {
  const memory = view.projection.memories.get(id);
  return memory && memory.status !== 'erased' ? memory : undefined;
}

function brief(memory: Memory): { id: string; memory: string } {
  const { text } = memory.state;
  return { id: memory.id, memory: text.length > longestText ? `${text.slice(0, longestText - 1).toWellFormed()}…` : text };
}
