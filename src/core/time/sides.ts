import type { Span } from './instants.js';

/** Which side of a date words beside it open: all before it, up to its end, from its start on, all after it. */
export type Side = 'before' | 'until' | 'since' | 'after';

const sides: Record<string, Side> = {
  since: 'since',
  自从: 'since',
  自: 'since',
  以来: 'since',
  before: 'before',
  'prior to': 'before',
  以前: 'before',
  之前: 'before',
  前: 'before',
  after: 'after',
  以后: 'after',
  之后: 'after',
  后: 'after',
  until: 'until',
  till: 'until',
  by: 'until',
};
const leading = /\b(since|before|prior to|after|until|till|by)\s(?:the\s)?$/i;
const inside = /^(since|before|after|until|till|by)\s/i;
const leadingChinese = /(自从|自|直到|截至|截止到?)$/;
const trailingChinese =
  /^的?(以来|以后|之后|以前|之前|前(?![天年后一二两三四五六七八九十几半\d台面])|后(?![天年来面悔续期勤果一二两三四五六七八九十几半\d]))/;
const onwards = /^\s(?:onwards?|on)\b|^(?:开始|起|至今|到现在)/;

/** The side of a date that the words before, in and behind its phrase open, and how many of the characters behind say so. */
export function sideBeside(before: string, phrase: string, behind: string): { side: Side; length: number } | undefined {
  const trailing = trailingChinese.exec(behind);
  if (trailing) return { side: sides[trailing[1] ?? ''] ?? 'before', length: trailing[0].length };
  const on = onwards.exec(behind);
  if (on && /\bfrom\s$|从$|自$/i.test(before)) return { side: 'since', length: on[0].length };
  if (/到$/.test(before) && behind.startsWith('为止')) return { side: 'until', length: 2 };
  const word = (leading.exec(before) ?? inside.exec(phrase))?.[1]?.toLowerCase();
  if (word) return { side: sides[word] ?? 'until', length: 0 };
  const chinese = leadingChinese.exec(before)?.[1];
  return chinese === undefined ? undefined : { side: sides[chinese] ?? 'until', length: behind.startsWith('为止') ? 2 : 0 };
}

/** What lies on that side of a span; open ends are infinite. */
export function openSpan(span: Span, side: Side): Span {
  switch (side) {
    case 'since':
      return { start: span.start, end: Number.POSITIVE_INFINITY };
    case 'until':
      return { start: Number.NEGATIVE_INFINITY, end: span.end };
    case 'before':
      return { start: Number.NEGATIVE_INFINITY, end: span.start };
    case 'after':
      return { start: span.end, end: Number.POSITIVE_INFINITY };
  }
}
