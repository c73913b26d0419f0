import { depth } from './measures.mjs';
import { lineOf, wordsOf } from './words.mjs';

const k1 = 1.2;
const b = 0.75;

function counted(words) {
  const counts = new Map();
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
  return counts;
}

/** Okapi BM25 (Robertson and Zaragoza 2009) over lower-cased words and nothing else. */
export const bm25 = {
  name: 'BM25',
  withMemories(memories, work) {
    const documents = memories.map((memory) => ({ id: memory.id, words: wordsOf(lineOf(memory)) }));
    const length = documents.reduce((sum, { words }) => sum + words.length, 0) / documents.length;
    const frequency = counted(documents.flatMap(({ words }) => [...new Set(words)]));
    const counts = documents.map(({ words }) => counted(words));
    const scoreOf = (index, word) => {
      const [count, df] = [counts[index].get(word) ?? 0, frequency.get(word) ?? 0];
      const rarity = Math.log(1 + (documents.length - df + 0.5) / (df + 0.5));
      return (rarity * count * (k1 + 1)) / (count + k1 * (1 - b + (b * documents[index].words.length) / length));
    };
    return work(({ question }) => {
      const words = wordsOf(question);
      const scored = documents.map(({ id }, index) => ({ id, score: words.reduce((sum, word) => sum + scoreOf(index, word), 0) }));
      const found = scored.filter(({ score }) => score > 0).sort((left, right) => right.score - left.score);
      return found.slice(0, depth).map(({ id }) => [id]);
    });
  },
};
