import { quantile, timed } from '../program.mjs';

/** How many hits are looked at: so many that what lies behind them hardly counts for the mean reciprocal rank. */
export const depth = 100;
const cuts = [5, 10, 20];

/** Recall at each cut and the reciprocal rank of one question; a hit is the list of memories that it stands for. */
export function scoreOf(hits, evidence) {
  const proves = (id) => evidence.includes(id);
  const recallAt = (cut) => new Set(hits.slice(0, cut).flat().filter(proves)).size / evidence.length;
  const first = hits.slice(0, depth).findIndex((ids) => ids.some(proves));
  return { ...Object.fromEntries(cuts.map((cut) => [`R@${cut}`, 100 * recallAt(cut)])), MRR: first < 0 ? 0 : 1 / (first + 1) };
}

function meansOf(scores) {
  const names = [...cuts.map((cut) => `R@${cut}`), 'MRR'];
  const mean = (name) => scores.reduce((sum, score) => sum + score[name], 0) / scores.length;
  return { questions: scores.length, ...Object.fromEntries(names.map((name) => [name, mean(name)])) };
}

/** Means over all questions but those of categories apart, and over each category; recall in percent. */
function figuresOf(scores, { apart }) {
  const names = [...new Set(scores.map(({ category }) => category))].sort();
  return {
    ...meansOf(scores.filter(({ category }) => !apart.includes(category))),
    categories: Object.fromEntries(names.map((name) => [name, meansOf(scores.filter(({ category }) => category === name))])),
  };
}

/**
 * The figures of one system on a set, with the milliseconds of a search. `system.withMemories(memories, work)` keeps the
 * memories of one conversation for as long as `work` searches them. Questions that name no evidence are left out.
 */
export async function measure(system, set) {
  const scores = [];
  const times = [];
  for (const { memories, questions } of set.conversations) {
    await system.withMemories(memories, async (search) => {
      for (const asked of questions.filter(({ evidence }) => evidence.length > 0)) {
        let hits;
        times.push(await timed(async () => (hits = await search(asked))));
        scores.push({ category: asked.category, ...scoreOf(hits, asked.evidence) });
      }
    });
  }
  return { system: system.name, ...figuresOf(scores, set), p50: quantile(times, 0.5), p95: quantile(times, 0.95) };
}
