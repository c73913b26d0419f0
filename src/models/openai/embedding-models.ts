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
