const day = 24 * 60 * 60 * 1000;

/**
 * Every constant of the ranking. "-x" is what the share of proving turns among the first ten (R@10, 79.4 in all) loses
 * over five LoCoMo conversations (Maharana et al., 2024) when the term is taken out; none is fitted to names or topics.
 */
export const weights = {
  /** BM25 over single memories: short texts want little saturation and half the length correction. */
  memory: { k1: 0.5, b: 0.5 },
  /** BM25 over whole runs: documents of usual length, the usual constants. */
  run: { k1: 1.2, b: 0.75 },
  /** Share of its run's score that a memory borrows. */
  runShare: 0.6,
  /** Share of the match of the memory before, after, and before the one before in the same run. */
  previous: 0.3,
  next: 0.3,
  beforePrevious: 0.2,
  /** Further share of the memory before when that is somebody else's question. */
  answersQuestion: 0.3,
  /** Factor for memories about a person whom the query names. */
  subject: 1.6,
  /** Factor inside the query's window of time, and share of the best score in it that everything in it gets. */
  window: 2,
  windowShare: 0.2,
  /** What was said after a window may still tell of it: the effect fades to nothing over this time. */
  windowFade: 9 * day,
  /** Own match of a memory in the window when the query asks of nothing but a time. */
  timeAlone: 0.5,
  /** Factor for texts that offer the kind of answer that the query wants. */
  answer: { time: 1.3, number: 1.4, duration: 1.4 },
  /** Weight of a known word that a query word unknown to the space may have meant. */
  misspelt: 0.7,
  /**
   * Score that an own match must reach to be worth giving. A memory that shares one everyday word with a query of five
   * stays under it; of the proving turns that match their question at all, nine in ten are over it.
   */
  floor: 0.1,
} as const;
