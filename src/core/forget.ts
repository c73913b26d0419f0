import type { ForgetAnswer } from './answers.js';
import type { Call, Core, Scope } from './core.js';
import { cut } from './cut.js';
import { erase } from './erase.js';
import { KeepsakeError } from './errors.js';
import { defined } from './facts.js';
import type { Space } from './ports.js';
import type { Memory } from './projection.js';
import { recall } from './recall.js';
import { originOf } from './remember.js';
import { selection } from './selection.js';
import { formatInstant } from './time/instants.js';
import type { SpaceView } from './view.js';

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
/** Memories that a preview and an answer list; all of them are counted. */
const mostCandidates = 100;
const mostListed = 1000;
/** Characters of one memory's text in an answer, and of all together. */
const longestText = 2000;
const mostCharacters = 50_000;

/** Forgets by id at once, by query or all after a confirmation. Raises KeepsakeErrors invalid_argument and confirm_invalid. */
export async function forget(core: Core, request: ForgetRequest, call: Call): Promise<Forgotten> {
  const { answer, left } = await carriedOut(core, request, call);
  return { answer: bounded(answer), left };
}

async function carriedOut(core: Core, request: ForgetRequest, call: Call): Promise<Forgotten> {
  if (request.confirm !== undefined) return { answer: await confirmed(core, request.scope, { token: request.confirm, call }), left: 0 };
  if (request.memory_ids !== undefined) return { answer: await byIds(core, request, { ids: request.memory_ids, call }), left: 0 };
  if (request.query !== undefined) return { answer: await byQuery(core, request, { query: request.query, call }), left: 0 };
  return everything(core, request, call);
}

/** The answer with as much as fits one: the more memories it names, the less of each text. */
function bounded(answer: ForgetAnswer): ForgetAnswer {
  const { forgotten, not_found, candidates } = answer;
  const listed = Math.min(mostListed, Math.max(forgotten.length, candidates?.length ?? 0, 1));
  const longest = Math.min(longestText, Math.floor(mostCharacters / listed));
  const shortened = <T extends { memory: string }>(each: T): T => ({ ...each, memory: cut(each.memory, longest) });
  return {
    ...answer,
    forgotten: forgotten.slice(0, mostListed).map(shortened),
    not_found: not_found.slice(0, mostListed),
    ...(candidates ? { candidates: candidates.map(shortened) } : {}),
    ...(forgotten.length > mostListed ? { count: forgotten.length } : {}),
  };
}

async function byIds(core: Core, request: ForgetRequest, { ids, call }: { ids: string[]; call: Call }): Promise<ForgetAnswer> {
  const wanted = [...new Set(ids)];
  const found = await memoriesOf(core, request.scope, wanted);
  const places = found.map(({ space, id }) => ({ space, id }));
  if (!request.erase) return retire(core, places, { wanted, reason: request.reason, call });
  const targets = found.filter(isStored);
  const known = new Set(targets.map((memory) => memory.id));
  return { ...(await ask(core, targets, { request, call, shown: targets })), not_found: wanted.filter((id) => !known.has(id)) };
}

/** The memories of these ids, wherever in the scope they are. */
async function memoriesOf(core: Core, scope: Scope, ids: string[]): Promise<Memory[]> {
  const found = await Promise.all(
    scope.map((space) => core.spaces.open(space).read((view) => ids.flatMap((id) => view.projection.memories.get(id) ?? []))),
  );
  return found.flat();
}

/** Memories by the space they are in. */
function bySpace<T extends { space: Space }>(memories: T[]): [Space, T[]][] {
  return [...new Set(memories.map(({ space }) => space))].map((space) => [space, memories.filter((memory) => memory.space === space)]);
}

/** Forgets what is live of these memories and still at its revision; one batch a space. */
async function retire(
  core: Core,
  targets: { space: Space; id: string; revision?: number }[],
  { wanted, reason, call }: { wanted: string[]; reason: string | undefined; call: Call },
): Promise<ForgetAnswer> {
  const forgotten: ForgetAnswer['forgotten'] = [];
  for (const [space, shown] of bySpace(targets)) {
    const gone = await core.spaces.open(space).commit(originOf(call), (view) => {
      const memories = shown.flatMap(({ id, revision }) => {
        const memory = live(view, id);
        return memory && (revision === undefined || memory.revision === revision) ? [memory] : [];
      });
      return { drafts: memories.map((memory) => retirement(memory, reason)), answer: memories.map(brief) };
    });
    forgotten.push(...gone);
  }
  const gone = new Set(forgotten.map(({ id }) => id));
  return { forgotten, not_found: wanted.filter((id) => !gone.has(id)) };
}

async function byQuery(core: Core, request: ForgetRequest, { query, call }: { query: string; call: Call }): Promise<ForgetAnswer> {
  const { filters, agent_id, run_id, limit } = request;
  const open = core.spaces.open(request.scope[0]);
  const hits = await recall(core, { spaces: [open.space], query, filters, agent_id, run_id, limit, rerank: false }, call);
  const targets = await open.read((view) => hits.memories.flatMap(({ id }) => live(view, id) ?? []));
  const scores = new Map(hits.memories.map((memory) => [memory.id, memory.score]));
  return ask(core, targets, { request, call, shown: targets, scores });
}

async function everything(core: Core, request: ForgetRequest, call: Call): Promise<Forgotten> {
  const open = core.spaces.open(request.scope[0]);
  const isSelected = selection(core, request);
  const isThere = request.erase ? isStored : isRemembered;
  const matching = await open.read((view) => [...view.projection.memories.values()].filter(isThere).filter(isSelected));
  const isOthers = (memory: Memory) =>
    memory.labels.some(
      (label) =>
        (request.agent_id !== undefined && label.agent_id !== request.agent_id) ||
        (request.run_id !== undefined && label.run_id !== request.run_id),
    );
  const targets = matching.filter((memory) => !isOthers(memory));
  return { answer: await ask(core, targets, { request, call, shown: [] }), left: matching.length - targets.length };
}

/** Shows what would be forgotten and keeps it until it is confirmed. */
async function ask(
  core: Core,
  targets: Memory[],
  options: { request: ForgetRequest; call: Call; shown: Memory[]; scores?: Map<string, number | undefined> },
): Promise<ForgetAnswer> {
  const { request, call, shown, scores } = options;
  const candidates = shown.slice(0, mostCandidates).map((memory) => {
    const created_at = formatInstant(Date.parse(memory.created_at), core.zone);
    return defined({ ...brief(memory), created_at, score: scores?.get(memory.id), flags: memory.state.flags });
  });
  const preview = { forgotten: [], not_found: [], count: targets.length, ...(candidates.length > 0 ? { candidates } : {}) };
  if (targets.length === 0) return preview;
  const expires_at = new Date(core.clock.now() + confirmWithin).toISOString();
  const memories = targets.map(({ space, id, revision }) => ({ space, id, revision }));
  const { erase: erased, reason } = request;
  const token = await core.confirmations.put(defined({ memories, erase: erased, reason, caller: call.caller, expires_at }));
  return { ...preview, confirm_token: token, expires_at: formatInstant(Date.parse(expires_at), core.zone) };
}

async function confirmed(core: Core, scope: Scope, { token, call }: { token: string; call: Call }): Promise<ForgetAnswer> {
  const invalid = new KeepsakeError(
    'confirm_invalid',
    "This confirm_token is unknown, another caller's, used or older than 10 minutes; call forget again without confirm for a new preview.",
  );
  const preview = await core.confirmations.peek(token);
  if (!preview || preview.memories.some(({ space }) => !scope.includes(space)) || Date.parse(preview.expires_at) <= core.clock.now())
    throw invalid;
  if (preview.caller !== undefined && preview.caller !== call.caller) throw invalid;
  if (!(await core.confirmations.consume(token))) throw invalid;
  const { memories, reason } = preview;
  if (!preview.erase) return retire(core, memories, { wanted: memories.map(({ id }) => id), reason, call });
  const answers: ForgetAnswer[] = [];
  for (const [space, shown] of bySpace(memories))
    answers.push(await erase(core, core.spaces.open(space), { memories: shown, reason, call }));
  const same = answers.flatMap(({ same_text }) => same_text ?? []);
  return {
    forgotten: answers.flatMap(({ forgotten }) => forgotten),
    not_found: answers.flatMap(({ not_found }) => not_found),
    ...(same.length > 0 ? { same_text: same } : {}),
  };
}

function retirement(memory: Memory, reason: string | undefined) {
  return defined({ event: 'DELETE' as const, memory_id: memory.id, revision: memory.revision, base: memory.revision, reason });
}

function live(view: SpaceView, id: string): Memory | undefined {
  const memory = view.projection.memories.get(id);
  return memory && isRemembered(memory) ? memory : undefined;
}

/** Expired memories can be forgotten, too. */
function isRemembered(memory: Memory): boolean {
  return memory.status === 'live';
}

/** Forgotten memories can still be erased; erased ones are gone. */
function isStored(memory: Memory): boolean {
  return memory.status !== 'erased';
}

function brief(memory: Memory): { id: string; memory: string } {
  return { id: memory.id, memory: memory.state.text };
}
