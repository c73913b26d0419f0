import { thresholds } from './weights.js';

/** Characters of a term, which bounds what one costs; of what is longer, the beginning and a hash of it all stand for it. */
const longestTerm = 64;
const kept = 48;
/** Neither a code nor a name of a file: "well-known". */
const hyphenatedWord = /^[\p{L}\p{M}-]+$/u;
const joints = /[._@/\\:+#=&?%~,'-]+/u;
/** Signs between the larger pieces of an address: its host, its file name, its parameters. */
const bigJoints = /[@/\\:+#=&?%~,]+/u;
/** A number with commas between its thousands. */
const grouped = /^\d{1,3}(?:,\d{3})+(?![\d,])/;
/** A sign before a chunk that belongs to it: a flag, a file's ending, an amount of money. */
const lead = /^(?:--|::|[-.$€£¥₹₩])/;

/** A 32-bit FNV-1a hash of a text's UTF-16 units (Fowler, Noll and Vo), in base 36. */
function hash(text: string): string {
  let value = 0x811c9dc5;
  for (let at = 0; at < text.length; at++) value = Math.imul(value ^ text.charCodeAt(at), 0x01000193);
  return (value >>> 0).toString(36);
}

/** A term of bounded length, still another one for another text. */
export function clip(term: string): string {
  return term.length <= longestTerm ? term : `${term.slice(0, kept)}…${hash(term)}`;
}

/** What an unbroken chunk of signs is found by. */
export interface ChunkTerms {
  parts: string[];
  /** The chunk itself and its larger pieces, as far as they are more than words and hyphens; none for a plain word. */
  wholes: string[];
}

/** Reads a folded chunk: $1,299.00 as 1299 and 00 and whole as $1299.00 and 1299.00, etc/nginx/a.conf as its words, a.conf and whole. */
export function readChunk(chunk: string): ChunkTerms {
  const sign = lead.exec(chunk)?.[0] ?? '';
  const bare = chunk.slice(sign.length).replace(grouped, (number) => number.replaceAll(',', ''));
  const wholes = sign === '' ? [] : [sign + bare];
  const isWhole = (piece: string) => joints.test(piece) && !hyphenatedWord.test(piece);
  if (isWhole(bare)) {
    wholes.push(bare);
    const pieces = bare.split(bigJoints);
    if (pieces.length > 1) wholes.push(...pieces.filter(isWhole));
  }
  return { parts: bare.split(joints).filter((part) => part !== ''), wholes: wholes.map(clip) };
}

/** Digits with spaces, hyphens, slashes or brackets between them, that are no part of a word, an address, a decimal. */
const digitGroups = /(?<![a-z\d_.,:/-])\+?\(?\d[\d ()/-]{5,}\d(?![a-z_]|[.,:]\d)/g;
const date = /^\d{4}-\d\d-\d\d/;

/** Numbers that are written in groups, as phone, card and book numbers are, in one piece; one group has three digits. */
export function groupedNumbers(folded: string): string[] {
  const found: string[] = [];
  for (const [group] of folded.matchAll(digitGroups)) {
    const digits = group.replace(/\D/g, '');
    if (
      digits.length >= thresholds.identifier.grouped &&
      digits.length < group.replace(/^\+/, '').length &&
      /\d{3}/.test(group) &&
      !date.test(group)
    )
      found.push(clip(digits));
  }
  return found;
}

/** A count with its unit: 90s, 12km, 7-year-old. */
const measure = /^\d{1,4}(?:\p{L}{1,3}|-\p{L}{2,}(?:-\p{L}+)*)$/u;
/** A long number, or letters and digits together. */
const numbered = new RegExp(`^(?:\\d{${thresholds.identifier.digits},}|(?=.*\\d)(?=.*\\D).{${thresholds.identifier.mixed},})$`, 'u');
/** Held together by a sign that words are not: a_b, a@b, c:\\d, http://, --flag, .env, c++, or two signs as in a/b/c, 1.2.3 and a=b&c. */
const built = /[@_\\]|:\/\/|^--|^\.\p{L}|^\p{L}(?:\+\+|#)$|[./:+#=&?-].*[./:=&?]/u;

/**
 * Whether a term stands for one thing alone: an error code, address, path, version, key or long number. Not what
 * counts or measures (90s, 12km, 7-year-old), nor two words with a sign between them.
 */
export function isIdentifier(term: string): boolean {
  return built.test(term) || (numbered.test(term) && !measure.test(term));
}
