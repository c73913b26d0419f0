const people = 'Ana Bela Carlos Dora Emil Fritz Greta Hana Igor Jonas Karim Lea Mira Nils Olga Pedro Quinn Rosa Sven Tara'.split(' ');
const verbs = ['likes', 'bought', 'lost', 'repaired', 'painted', 'sold', 'borrowed', 'prefers', 'collects', 'forgot'];
const colours = 'red green blue yellow black white violet orange silver golden'.split(' ');
const things = 'bicycle kettle guitar lamp carpet camera tent piano kayak printer teapot mirror ladder violin sofa clock'.split(' ');
const places = 'Lisbon Porto Madrid Paris Berlin Vienna Prague Warsaw Oslo Turin Athens Zurich Ghent Cork Malmo Graz'.split(' ');

/** The sentence of a number: different for each, made of few words, so that many are alike. */
export function sentence(number) {
  const pick = (list, step) => list[Math.floor(number / step) % list.length];
  return `${pick(people, 1)} ${pick(verbs, 20)} the ${pick(colours, 7)} ${pick(things, 200)} number ${number} in ${pick(places, 3)}.`;
}

/** A question that sentences answer. */
export function question(number) {
  const pick = (list, step) => list[Math.floor(number / step) % list.length];
  return `What does ${pick(people, 1)} do with the ${pick(things, 3)} in ${pick(places, 7)}?`;
}
