/** A stretch of a text that reads as one sentence, without the white space around it. */
export interface Sentence {
  text: string;
  /** Index of its first UTF-16 unit in the text. */
  start: number;
  /** Index behind its last one. */
  end: number;
  /** Begins a new paragraph, that is, stands behind an empty line. */
  opens: boolean;
}

const segmenter = new Intl.Segmenter('en', { granularity: 'sentence' });

/** Ends that close no sentence: titles, Latin and English abbreviations, initials. */
const abbreviation =
  /(?:^|[\s("'[])(?:mr|mrs|ms|dr|prof|st|jr|sr|vs|etc|e\.g|i\.e|cf|approx|nr|vol|fig|inc|ltd|corp|dept|tel|ext|apt|ave|blvd|lt|sgt|rev|hon|gov|jan|feb|aug|sept?|oct|nov|dec|z\.b|d\.h|u\.a|bzw|usw|sra?|sig|mme|mlle|a\.m|p\.m|ph\.d|[a-hj-z]|[a-z]\.[a-z])\.$/i;
/** A sentence begins with one of these even behind an abbreviation. */
const opener = /^(?:i|my|we|our|he|she|they|it|the|but|and|also|then)\b/i;
/** A number with a full stop is an ordinal before a month (3. März) and a mark at the head of a list. */
const ordinal = /(?:^|\s)\d{1,2}\.$/;
const month = /^(?:jan|feb|mär|mar|apr|mai|may|jun|jul|aug|sep|o[ck]t|nov|de[zc])/i;

function continues(before: string, after: string): boolean {
  return (
    (abbreviation.test(before) && !opener.test(after)) || /^\W{0,3}\d{1,3}[.)]$/.test(before) || (ordinal.test(before) && month.test(after))
  );
}

/** How much of an end or a gap is looked at, in UTF-16 units. */
const reach = 40;

/** Whether a new segment belongs to the sentence before it; `gap` is the white space between. */
function belongs({ before, after, gap }: { before: string; after: string; gap: string }): boolean {
  if (gap === '') return /[.?!]$/.test(before) && /^[\w/&#=%-]/.test(after);
  if (!gap.includes('\n')) return continues(before, after);
  const wrapped = before.length === reach && /^[^\S\n]*\n[^\S\n]*$/.test(gap);
  return wrapped && /[\p{L}\p{N},;]$/u.test(before) && /^\p{Ll}/u.test(after);
}

/** Intl.Segmenter's cost a segment grows with the length of its input, so it gets a line, and at most this much, at once. */
const blockLength = 2_000;

/** A whole line, else as much as fits up to the end of a sentence, up to white space, or at all. */
const block = new RegExp(
  `[^\\n]{1,${blockLength}}$|[^\\n]{1,${blockLength}}(?<=[.!?]\\s|[。！？])|[^\\n]{1,${blockLength}}(?<=\\s)|[^\\n]{1,${blockLength}}`,
  'gmu',
);

function* segmentsOf(text: string): Generator<{ segment: string; index: number }> {
  for (const { 0: part, index: start } of text.matchAll(block)) {
    for (const { segment, index } of segmenter.segment(part)) yield { segment, index: start + index };
  }
}

/**
 * Splits a text of any script into its sentences; lines of a list stand alone. Dates, abbreviations, addresses,
 * versions and URLs stay whole. Linear in the text.
 */
export function splitSentences(text: string): Sentence[] {
  const spans: { start: number; end: number; opens: boolean }[] = [];
  for (const { segment, index } of segmentsOf(text)) {
    const trimmed = segment.trim();
    if (trimmed === '') continue;
    const start = index + segment.indexOf(trimmed);
    const end = start + trimmed.length;
    const last = spans.at(-1);
    const gap = last ? text.slice(last.end, start) : '';
    const before = last ? text.slice(Math.max(last.start, last.end - reach), last.end) : '';
    if (last && belongs({ before, after: trimmed, gap })) last.end = end;
    else spans.push({ start, end, opens: last === undefined || (gap.match(/\n/g) ?? []).length > 1 });
  }
  return spans.map((span) => ({ ...span, text: text.slice(span.start, span.end) }));
}
