import type { RememberResult } from '../answers.js';
import type { Call, Core } from '../core.js';
import { KeepsakeError } from '../errors.js';
import type { EventDraft, ReceivedInput, SkippedPart } from '../events.js';
import { defined } from '../facts.js';
import { excerpt } from '../gate.js';
import { hashOf } from '../hash.js';
import {
  type InsightProposal,
  ModelError,
  type ReflectedInsight,
  type ReflectedMemory,
  type Reflector,
  RefusedInputError,
  type Space,
} from '../ports.js';
import { embeddingText, isLive } from '../projection.js';
import { originOf } from '../remember.js';
import { boundedParts } from '../skipped-parts.js';
import type { OpenSpace } from '../spaces.js';
import { lookAround } from '../surroundings.js';
import { formatInstant } from '../time/instants.js';
import { settleInsights, withoutUnwanted } from './insights.js';
import { checkedProposals } from './proposals.js';
import { type Chosen, nextRound, type Round, type Shown, shownOf, shownText } from './round.js';
import { pairOf, sweep, sweepScore } from './sweep.js';

/** What a reflection did in one space. */
export interface ReflectionAnswer {
  space: Space;
  /** The call of all its events, which can be undone. */
  call_id: string;
  /** Insights that were added, updated or no longer hold. */
  insights: RememberResult[];
  /** Memories that were repeats, or were contradicted by what was said later. */
  merged: RememberResult[];
  /** Proposals of the model that code refused, and why. */
  rejected: SkippedPart[];
  /** Why an answer of the model could not be used; absent where all could. */
  unusable?: string;
  /** New memories that were looked at, and that are left for the next reflection. */
  looked: number;
  left: number;
}

/** Rounds of one reflection, each at most two calls of the model. */
const mostRounds = 5;
/** Memories whose surroundings are looked up at once, so that nobody waits for long in between. */
const atOnce = 5;

const needsModel =
  'Reflection needs a model: set OPENAI_API_KEY, or OPENAI_BASE_URL for an endpoint of your own, and leave KEEPSAKE_INFER at auto or model.';

/** The model that reflects. Raises KeepsakeError invalid_argument where none is configured. */
function reflectorOf(core: Core): Reflector {
  if (!core.reflector) throw new KeepsakeError('invalid_argument', needsModel);
  return core.reflector;
}

/**
 * Looks at what is new in a space: unites repeats and settles contradictions among the memories near it, then derives
 * and updates insights; `force`: looks at the newest memories if nothing is new. What a round found is committed before
 * the next begins. Resolves with undefined while another process reflects on the space. Raises ModelError, and
 * KeepsakeError invalid_argument without a model.
 */
export async function reflect(
  core: Core,
  open: OpenSpace,
  call: Call,
  { force }: { force: boolean },
): Promise<ReflectionAnswer | undefined> {
  const reflector = reflectorOf(core);
  const release = await core.claims.claim(`reflection-${hashOf(open.space).toString(36)}`);
  if (!release) return undefined;
  try {
    const answer: ReflectionAnswer = { space: open.space, call_id: call.id, insights: [], merged: [], rejected: [], looked: 0, left: 0 };
    const until = await open.read(({ projection }) => projection.position.sequence);
    for (let count = 0; count < mostRounds; count += 1) {
      const anyway = force && count === 0;
      const round = await open.read((view) => nextRound(view, { now: core.clock.now(), until, anyway }));
      if (!round) break;
      await carryOut(core, open, round, { reflector, call, answer });
      if (round.left === 0) break;
    }
    return answer;
  } finally {
    await release();
  }
}

async function carryOut(
  core: Core,
  open: OpenSpace,
  round: Round,
  { reflector, call, answer }: { reflector: Reflector; call: Call; answer: ReflectionAnswer },
): Promise<void> {
  const near = await surroundings(core, open, round.news, call.signal);
  const pairs = near.flatMap(({ of, memory, score }) => (score >= sweepScore ? (pairOf(of, memory, score) ?? []) : []));
  answer.merged.push(...(await sweep(core, open, pairs, call)));
  const nearest = [...near].sort((a, b) => b.score - a.score).map(({ memory }) => memory.id);
  const shown = await open.read((view) => shownOf(view, round, { near: nearest, now: core.clock.now() }));
  const isWorthAsking = shown.memories.length >= 2 || shown.insights.length > 0;
  const { proposals, unusable } = isWorthAsking ? await asked(core, reflector, shown, call.signal) : { proposals: [] };
  if (unusable !== undefined) answer.unusable = unusable;
  const { accepted, rejected } = checkedProposals(proposals, shown);
  const wanted = await withoutUnwanted(open, accepted);
  const inputId = core.ids.event();
  const results = await open.commit(originOf(call), (view) => {
    const now = core.clock.now();
    const by = { model: reflector.name };
    const settled = settleInsights(view, wanted, { now, ids: core.ids, by });
    const { position, reflection } = view.projection;
    const input: ReceivedInput = {
      ...{ form: 'reflection' as const, turns: [], infer: true, kind: 'insight' as const, at: formatInstant(now, core.zone) },
      // In a log that was replaced meanwhile the same numbers may stand for other events.
      up_to: Math.max(reflection.upTo, position.generation === round.generation ? round.upTo : 0),
    };
    const received: EventDraft = { event: 'RECEIVED', event_id: inputId, input };
    const processed: EventDraft = { event: 'PROCESSED', input_id: inputId, by };
    return { drafts: [received, ...settled.drafts, processed], answer: settled.results };
  });
  answer.insights.push(...results);
  answer.rejected.push(...boundedParts(rejected));
  answer.looked += round.news.length;
  answer.left = round.left;
}

/** What the model proposes; nothing where it refuses these very memories, since it would the next time, too. */
async function asked(
  core: Core,
  reflector: Reflector,
  shown: Shown,
  signal: AbortSignal,
): Promise<{ proposals: InsightProposal[]; unusable?: string }> {
  try {
    return { proposals: await reflector.reflect(asShown(shown), signal) };
  } catch (error) {
    if (!(error instanceof RefusedInputError)) throw error;
    core.logger.warn('a reflection came to nothing', { reason: error.message });
    return { proposals: [], unusable: excerpt(error.message) };
  }
}

/** What is near the new memories. */
async function surroundings(
  core: Core,
  open: OpenSpace,
  news: readonly Chosen[],
  signal: AbortSignal,
): Promise<{ of: Chosen; memory: Chosen; score: number }[]> {
  const vectors = await vectorsOf(core, open, news, signal);
  const found: { of: Chosen; memory: Chosen; score: number }[] = [];
  for (let first = 0; first < news.length; first += atOnce) {
    signal.throwIfAborted();
    const some = news.slice(first, first + atOnce);
    const around = await lookAround(core, open, some, { vectors: vectors.slice(first, first + atOnce), wide: true, signal });
    for (const [index, of] of some.entries())
      for (const { memory, score } of around[index]?.near ?? [])
        if (isLive(memory, core.clock.now())) found.push({ of, memory: { ...memory }, score });
  }
  return found;
}

/** The vectors of memories; none where the model of embeddings fails: then words find what is near. */
async function vectorsOf(core: Core, open: OpenSpace, memories: readonly Chosen[], signal: AbortSignal): Promise<Float32Array[]> {
  if (memories.length === 0) return [];
  try {
    return await core.vectors.embed(
      open.space,
      memories.map(({ state }) => embeddingText(state)),
      signal,
    );
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof ModelError)) throw error;
    core.logger.warn('reflection goes by words alone', { space: open.space, reason: error.message });
    return [];
  }
}

/** What the model is shown, under indexes for ids. */
function asShown({ memories, insights }: Shown): { memories: ReflectedMemory[]; insights: ReflectedInsight[] } {
  const places = new Map(memories.map(({ id }, index) => [id, index]));
  return {
    memories: memories.map((memory) => {
      const { subject, said_at, occurred_at, recurs } = memory.state;
      return defined({ text: shownText(memory), subject, said_at, occurred_at, recurs });
    }),
    insights: insights.map((insight) => {
      const { subject, sources = [] } = insight.state;
      return defined({ text: shownText(insight), subject, sources: sources.flatMap((id) => places.get(id) ?? []) });
    }),
  };
}
