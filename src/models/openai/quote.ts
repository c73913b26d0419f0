/** Characters that a quote has at most. */
const longestQuote = 500;

/**
 * The words of `shown` that a model meant by `quote`: literally, else apart from case and white space, else the
 * sentence that shares most words with `meaning`, else all of it; 500 characters at most.
 */
export function quoteIn(shown: string, { quote, meaning }: { quote: string; meaning: string }): string {
  const found = literally(shown, quote.trim()) ?? closestSentence(shown, `${quote} ${meaning}`) ?? shown;
  return found.slice(0, longestQuote).toWellFormed();
}

/** Whether the words of a quote stand in a text, apart from case and white space. */
export function holdsQuote(shown: string, quote: string): boolean {
  return literally(shown, quote.trim()) !== undefined;
}

function literally(shown: string, quote: string): string | undefined {
  if (quote === '') return undefined;
  if (shown.includes(quote)) return quote;
  const words = quote.split(/\s+/).map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(words.join('\\s+'), 'iu').exec(shown)?.[0];
}

function closestSentence(shown: string, meaning: string): string | undefined {
  const wanted = wordsOf(meaning);
  let best: { sentence: string; shared: number } | undefined;
  for (const { segment } of new Intl.Segmenter(undefined, { granularity: 'sentence' }).segment(shown)) {
    const shared = [...wordsOf(segment)].filter((word) => wanted.has(word)).length;
    if (shared > (best?.shared ?? 0)) best = { sentence: segment.trim(), shared };
  }
  return best?.sentence;
}

function wordsOf(text: string): Set<string> {
  const words = new Set<string>();
  for (const { segment, isWordLike } of new Intl.Segmenter(undefined, { granularity: 'word' }).segment(text)) {
    if (isWordLike) words.add(segment.toLowerCase());
  }
  return words;
}
