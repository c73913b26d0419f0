const day = 24 * 60 * 60 * 1000;

/**
 * Every constant of the ranking. "-x" is what the share of proving turns among the first ten (80.5 in all, categories 1
 * to 4 of five LoCoMo conversations, Maharana et al. 2024; en and zh: the sets of bench/questions) loses in points without
 * the term, words alone; MRR is the mean reciprocal rank, in thousandths. The values lie on broad plateaus, and none is
 * fitted to names or topics.
 */
export const weights = {
  /** BM25 over single memories: short texts want little saturation and half the length correction (b 0: en -0.7, zh -4.1). */
  memory: { k1: 0.4, b: 0.5 },
  /** BM25 over whole runs: documents of usual length, the usual constants. */
  run: { k1: 1.2, b: 0.75 },
  /** Share of its run's score that a memory borrows: -1.3. */
  runShare: 0.6,
  /** Share of the match of the memory before it in the run (-0.5, en MRR -24), after it (-0.3) and of the one before the last (-0.8). */
  previous: 0.3,
  next: 0.3,
  beforePrevious: 0.2,
  /** Further share of the memory before when that is somebody else's question: -1.1, MRR -22. */
  answersQuestion: 0.4,
  /** Factor for memories about a person whom the query names: -2.5, MRR -46. */
  subject: 1.6,
  /** Factor inside the query's window of time (-0.9), and share of the best score in it that everything in it gets (-0.3). */
  window: 2,
  windowShare: 0.2,
  /** What was said after a window may still tell of it: the effect fades to nothing over this time: -0.1 among the first twenty. */
  windowFade: 9 * day,
  /** Own match of a memory in the window when the query asks of nothing but a time (en -0.7); well over the floor, by choice. */
  timeAlone: 0.5,
  /** Factor for texts that offer the kind of answer that the query wants: MRR -8 for times, -0.1 for numbers, -0.2 for durations. */
  answer: { time: 1.3, number: 1.4, duration: 1.4 },
  /** Weight of a word of the same everyday concept as one of the query: -0.4; en -1.0 among the first twenty. */
  related: 0.15,
  /** Weight of a word of the same meaning in another language: a match nearly as good as the word itself: zh -1.1 (its names of products), much where languages are mixed. */
  translated: 0.7,
  /** Weight of a word for what is of the kind that the query names ("turtle" for "pet"): -0.7, en -1.1. */
  ofKind: 0.35,
  /**
   * Own match at most of a memory that tells in words of its own what the query asks of a life or a project: -0.4, zh -1.1;
   * of 60 everyday questions kept back, without a word of their answer, 36 have it among the first five, and 6 without the term.
   */
  told: 0.4,
  /** What each word of a query beside those that ask for it takes from that: who says more means something in particular: -1.4, MRR -20. */
  toldBeside: 0.5,
  /** Factor for what names nobody of "I" and "we" where the query asks of oneself: a third fewer strangers over the floor. */
  toldOfOthers: 0.6,
  /** Factor for short memories that only ask: zh MRR -11. */
  onlyAsks: 0.6,
  /** Weight of a known identifier (a code, address, path or number), written out as it stands: who gives one means that one. */
  identifier: 4,
  /** Share of its weight that a pair of ideographs which no memory holds counts against a match: most are halves of two words. */
  unknownPair: 0.5,
  /** Weight of a known word that a query word unknown to the space may have meant: en -2.9, of misspelt queries a third. */
  misspelt: 0.7,
  /** Weight of a known word that an unknown one is a part of, or shares most of its letters with. */
  akin: 0.5,
  /** Own match by a similarity of 1: a hashed embedding knows little that the words do not (-0.1, MRR -5); of a model's .4 to .7 are a plateau. */
  similarity: { builtIn: 0.15, model: 0.5 },
  /** Memories that the vector index is asked for; of Chroma 40 more cost about 2 ms. */
  denseHits: 60,
  /**
   * Memories of a space from which on the built-in embedding compares what words found, if so many are over the floor, and
   * no index is asked for more: +0.1 instead of +0.3, and half the time that a recall takes.
   */
  many: 5000,
  enoughByWords: 5,
  /** How many of them it compares: 60 are no better. */
  byWords: 20,
  /** Hits by embedding from which on they tell themselves what unrelated memories reach; with fewer the model's noise counts in part. */
  enoughHits: 30,
  /** Times that the best hit lies as far above the last one as the middle one does, from which on a model is trusted more, and how much at most. */
  standsOut: 6,
  mostConfidence: 2,
  /**
   * Score that an own match must reach to be worth giving. A memory that shares one everyday word with a query of five
   * stays under it; of the questions that find a proving turn among the first ten, nine in ten have one over it.
   */
  floor: 0.12,
} as const;

/**
 * From where on something counts, in the reading of texts and in the making of an answer; nothing here can be switched
 * off. "Misspelt" is what the share above (74.2 with 60 % of the longer query words misspelt) loses in points; where no
 * number is given, the sets above tell no difference, and the bound is chosen by what it means.
 */
export const thresholds = {
  /** Words of a text among which one function word tells its language; among more it takes two, since names look like some. */
  fewWords: 5,
  /** Letters of a stem: a single one says too little. */
  stem: 2,
  /** Digits of a number that stands for one thing (fewer count or are years), characters of a mixed code, digits of a number written in groups, as the shortest phone numbers. */
  identifier: { digits: 5, mixed: 4, grouped: 7 },
  /** Letters of a word that may be misspelt (misspelt: 3 -0.3, 5 -4), of a stem without its ending (5 -0.7), of a word in which two edits are forgiven (6 -0.1, 7 as good), and of a part of a compound. */
  spelling: { word: 4, stem: 4, twoEdits: 8, part: 5 },
  /** Words of a text that only asks; a longer one that ends with a question also tells something. From 10 on no difference. */
  onlyAsks: 20,
  /** Share of insights among any first hits, rounded up: one may lead, and what was said itself is never crowded out. */
  insights: 1 / 3,
  /** Hits that a reranker is shown, the best, and that alone change places: each more costs it time. */
  reranked: 50,
} as const;
