import { loadInProcess } from './quality/in-process.mjs';
import { measure } from './quality/measures.mjs';
import { readSets } from './quality/sets.mjs';
import { table } from './table.mjs';

/** Every number of a table of weights, with its path and the object that holds it. */
function numbersIn(weights, path = []) {
  return Object.entries(weights).flatMap(([name, value]) =>
    typeof value === 'number' ? [{ path: [...path, name].join('.'), holder: weights, name, value }] : numbersIn(value, [...path, name]),
  );
}

/** Factors change nothing at 1, and what fades is gone within a millisecond; all others are shares, which 0 takes away. */
const offAtOne = new Set(['toldOfOthers', 'subject', 'window', 'windowFade', 'answer', 'onlyAsks']);

const offOf = ({ path }) => (offAtOne.has(path.split('.')[0]) ? 1 : 0);

/** What each weight of the ranking is worth: what is lost on each set without it, one at a time, by words alone. */
export async function benchAblation({ locomo, sets }) {
  for (const set of await readSets({ locomo, sets })) {
    const { system, weights } = await loadInProcess(set);
    const whole = await measure(system, set);
    const rows = [];
    // The floor is for answers without min_score 0: nothing here depends on it.
    for (const weight of numbersIn(weights).filter(({ path }) => path !== 'floor')) {
      const { holder, name, path, value } = weight;
      holder[name] = offOf(weight);
      const without = await measure(system, set);
      holder[name] = value;
      const points = ['R@10', 'R@20'].map((figure) => (without[figure] - whole[figure]).toFixed(1));
      const categories = Object.keys(whole.categories).map((category) =>
        (without.categories[category]['R@10'] - whole.categories[category]['R@10']).toFixed(1),
      );
      rows.push([path, String(value), String(offOf(weight)), ...points, (without.MRR - whole.MRR).toFixed(3), ...categories]);
    }
    console.log(`${set.name}, words alone: R@10 ${whole['R@10'].toFixed(1)}, MRR ${whole.MRR.toFixed(3)}; what each weight adds to it`);
    console.log(table(['weight', 'is', 'off', 'R@10', 'R@20', 'MRR', ...Object.keys(whole.categories)], rows));
  }
  return true;
}
