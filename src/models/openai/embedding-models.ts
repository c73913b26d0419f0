/** Cosine that unrelated texts commonly reach, by model family: typical values, first match wins. */
const noiseByFamily: [RegExp, number][] = [
  [/text-embedding-3/, 0.18],
  [/ada-002/, 0.7],
  // Trained with a low temperature, which crowds all texts into a narrow cone.
  [/(^|[/_-])e5([_-]|$)/, 0.7],
  [/bge/, 0.4],
  [/nomic/, 0.4],
  [/qwen3/, 0.3],
  [/minilm/, 0.1],
];

/** The cosine, 0 to 1, that unrelated texts commonly reach with a model of this name; 0.3 where it is not known. */
export function noiseOf(model: string): number {
  const name = model.toLowerCase();
  return noiseByFamily.find(([family]) => family.test(name))?.[1] ?? 0.3;
}

const multilingual = /multilingual|paraphrase-multi|[-_]zh([-_.:]|$)|bge-m3/;
const englishOnly = [
  /all-minilm/,
  /all-mpnet/,
  /(bge|gte|jina-embeddings-v2)-.*en([-_.:]|$)/,
  /gte-(small|base|large)([:@]|$)/,
  /(^|[/_-])e5-(small|base|large)(-v2|-unsupervised)?([:@]|$)/,
  /nomic-embed-text(-v1(\.5)?)?([:@]|$)/,
  /mxbai-embed-large/,
  /snowflake-arctic-embed(-(xs|s|m|l|m-long))?([:@]|$)/,
  /sentence-t5|gtr-t5|msmarco|instructor-/,
];

/** Whether an embedding model was trained on English alone, as far as its name tells. */
export function isEnglishOnly(model: string): boolean {
  const name = model.toLowerCase();
  return !multilingual.test(name) && englishOnly.some((family) => family.test(name));
}
