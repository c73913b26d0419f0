/** Full-width forms of ASCII (U+FF01 to U+FF5E) lie this far above it. */
const fullWidthOffset = 0xfee0;

/** Letters whose lower case is not yet their Unicode case folding, and the half-width full stop. */
const foldings: Record<string, string> = { ß: 'ss', ς: 'σ', ſ: 's', '｡': '。' };

/**
 * The normal form under which two texts are the same statement: NFC, full-width folding (not NFKC: 10² is not 102),
 * case folding, collapsed white space, no final . ! … or 。. A text of nothing but those marks keeps them.
 */
export function statementKey(text: string): string {
  const folded = text
    .normalize('NFC')
    .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - fullWidthOffset))
    .toLowerCase()
    .replace(/[ßςſ｡]/g, (letter) => foldings[letter] ?? letter)
    .replace(/\s+/g, ' ')
    .trim()
    .normalize('NFC');
  let end = folded.length;
  while (end > 0 && '.!…。 '.includes(folded.charAt(end - 1))) end -= 1;
  return end === 0 ? folded : folded.slice(0, end);
}

/** Words that stand for a number, a date or a negation: where they differ, the statements differ. */
const decisiveWords = new Set(
  (
    'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty ' +
    'thirty forty fifty sixty seventy eighty ninety hundred thousand million billion half once twice dozen ' +
    'first second third fourth fifth sixth seventh eighth ninth tenth ' +
    'monday tuesday wednesday thursday friday saturday sunday january february march april may june july august september october ' +
    'november december am pm no not never none nothing neither nor without cannot longer stopped'
  ).split(' '),
);

/** A number with whatever joins its digits (dates, addresses, versions), Chinese numerals and negations, n't, or a word. */
const token =
  /\p{N}+(?:[.,:/-]\p{N}+)*|[〇零一二三四五六七八九十百千万亿两不没別别未无無]|n['’]t\b|[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|(?:(?![\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]|n['’]t\b)[\p{L}\p{M}])+/gu;
const decisiveToken = /^(?:\p{N}|[〇零一二三四五六七八九十百千万亿两不没別别未无無]$|n['’]t$)/u;

function tokensOf(text: string): string[] {
  return statementKey(text).match(token) ?? [];
}

function isDecisive(word: string): boolean {
  return decisiveWords.has(word) || decisiveToken.test(word);
}

/**
 * Whether two texts say the same in nearly the same words: cosine at least .97, token Jaccard at least .85 and no
 * differing number. Negations count as numbers do, and shared words must come in the same order ("Ann owes Bob").
 */
export function isNearDuplicate({ a, b, cosine }: { a: string; b: string; cosine: number }): boolean {
  if (!(cosine >= 0.97)) return false;
  const left = tokensOf(a);
  const right = tokensOf(b);
  if (left.filter(isDecisive).join(' ') !== right.filter(isDecisive).join(' ')) return false;
  const leftSet = new Set(left);
  const rightSet = new Set(right);
  const shared = [...leftSet].filter((word) => rightSet.has(word)).length;
  if (shared < 0.85 * (leftSet.size + rightSet.size - shared)) return false;
  return left.filter((word) => rightSet.has(word)).join(' ') === right.filter((word) => leftSet.has(word)).join(' ');
}
