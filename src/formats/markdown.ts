import { marked, type Token, type Tokens } from 'marked';
import type { ImportedMemory, Item } from './item.js';
import { memoriesInText } from './plain-text.js';

/** What every memory of a text has. */
type Common = Pick<ImportedMemory, 'at' | 'metadata'>;

/** The level of a line in bold that stands for a heading: below all real ones. */
const boldDepth = 7;

/** Levels of quotes and lists that are gone into: what is nested deeper stands as one text. */
const deepest = 20;

/**
 * The memories of a Markdown text: each item of a list, each paragraph, row of a table and block of code as it is
 * written, without marks around all of it, after the headings and items that it stands under. What stands in HTML counts
 * as if it stood there without its tags. Comments, styles, scripts and rules are none; the front matter of the file
 * `where` is left out.
 */
export function memoriesInMarkdown(text: string, where: string, common: Common = {}): Item[] {
  const [front = ''] = /^---\n[\s\S]*?\n(?:---|\.\.\.)(?:\n|$)/.exec(text) ?? [];
  const leftOut: Item[] = front === '' ? [] : [{ form: 'left out', where, reason: 'its front matter, which describes the file' }];
  const body = text.slice(front.length);
  const tokens = tokensOf(body);
  if (!tokens) return [...leftOut, ...memoriesInText(body, common)];
  const headings: { depth: number; text: string }[] = [];
  const memories = tokens.flatMap((token) => {
    const heading = headingIn(token);
    if (heading) {
      while ((headings.at(-1)?.depth ?? 0) >= heading.depth) headings.pop();
      headings.push(heading);
      return [];
    }
    return statements(token, headings.map((heading) => heading.text).filter(Boolean), 0).map(
      (statement): ImportedMemory => ({ form: 'memory', text: statement, ...common }),
    );
  });
  return [...leftOut, ...memories];
}

/** A heading, also one that is a line in bold; one that ends like a sentence is a statement. */
function headingIn(token: Token): { depth: number; text: string } | undefined {
  if (token.type === 'heading') return { depth: token.depth, text: oneLine(unmarked(token)) };
  if (token.type !== 'paragraph') return undefined;
  const [bold, colon, ...others] = token.tokens ?? [];
  const isBold = bold?.type === 'strong' && others.length === 0 && (colon === undefined || /^\s*[:：]$/.test(colon.raw));
  if (!isBold || /\n|[.!?。！？]$/.test(bold.text)) return undefined;
  return { depth: boldDepth, text: oneLine(unmarked(bold)).replace(/[:：]$/, '') };
}

/** The text of a token as it is written, without the marks of bold and italics around all of it. */
function unmarked(token: Token): string {
  if (token.type === 'html') return withoutTags(token.raw).trim();
  const [only, ...others] = 'tokens' in token ? (token.tokens ?? []) : [];
  if (only && others.length === 0 && (only.type === 'strong' || only.type === 'em')) return unmarked(only);
  return 'text' in token ? String(token.text).trim() : '';
}

/**
 * Blocks of HTML are replaced by what stands in them, but for preformatted text. Undefined for what the parser cannot
 * take, such as a paragraph of a hundred thousand lines.
 */
function tokensOf(text: string): Token[] | undefined {
  const parsed = (markdown: string): Token[] => marked.lexer(withBoundedDepth(markdown));
  try {
    return parsed(text).flatMap((token) =>
      token.type === 'html' && !(token as Tokens.HTML).pre ? parsed(withoutTags(token.raw)) : [token],
    );
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Characters that a line may be indented by: some fifty levels of a list. */
const furthest = 100;

/** The parser goes a level deeper with each mark and indentation; thousands of them in a line are an attack, not a quotation. */
function withBoundedDepth(text: string): string {
  return text
    .replace(new RegExp(`^[ \\t]{${furthest},}`, 'gm'), ' '.repeat(furthest))
    .replace(/^(?:[ \t]*(?:>|[-*+](?=[ \t])|\d{1,9}[.)](?=[ \t]))[ \t]*){21,}/gm, '');
}

/** What is found in HTML: code that is written in Markdown, what is not read by anybody, and the name of a tag. */
const marksOfHtml = new RegExp(
  [
    /(```[\s\S]*?(?:```|$)|`[^`\n]*`)/,
    /<!--(?:-?>|[\s\S]*?(?:-->|$))/,
    /<(?<hidden>script|style)(?=[\s>])[\s\S]*?(?:<\/\k<hidden>[^<>]*>|$)/,
    /<[!?][a-z][^<>]*>/,
    /<\/?([a-z][\w-]*)(?:\s[^<>]*|\/)?>/,
  ]
    .map(({ source }) => source)
    .join('|'),
  'gi',
);
/** Tags within a sentence; any other one ends it. */
const inlineTag = /^(?:a|abbr|b|cite|code|del|em|font|i|img|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup|u|var|wbr)$/i;

/** The text of HTML; its indentation, which means nothing there, goes as far as all lines have it. */
function withoutTags(html: string): string {
  const text = html.replace(marksOfHtml, (_, code?: string, _hidden?: string, tag?: string) => {
    return code ?? (tag === undefined || inlineTag.test(tag) ? '' : '\n');
  });
  const indentations = text.match(/^[ \t]*(?=\S)/gm) ?? [];
  const common = indentations.reduce((least, { length }) => Math.min(least, length), furthest);
  return text.replace(new RegExp(`^[ \\t]{${common}}`, 'gm'), '');
}

function statements(token: Token, context: readonly string[], depth: number): string[] {
  const under = (text: string) => (text === '' ? [] : [context.length > 0 ? `${context.join(' > ')}: ${text}` : text]);
  if (depth > deepest) return under(token.raw.trim());
  switch (token.type) {
    case 'paragraph':
    case 'code':
    case 'html':
    case 'text':
      return under(unmarked(token));
    case 'blockquote':
      return (token.tokens ?? []).flatMap((each) => statements(each, context, depth + 1));
    case 'list':
      return (token as Tokens.List).items.flatMap((item) => statementsOfItem(item, context, depth + 1));
    case 'table':
      return rowsOf(token as Tokens.Table).flatMap(under);
    default:
      return [];
  }
}

/** An item is what its sub-items stand under; without any it is a statement. */
function statementsOfItem(item: Tokens.ListItem, context: readonly string[], depth: number): string[] {
  const isBelow = ({ type }: Token) => type === 'list' || type === 'code' || type === 'blockquote' || type === 'table';
  const text = item.tokens
    .filter((each) => !isBelow(each) && each.type !== 'space' && each.type !== 'checkbox')
    .map(unmarked)
    .filter(Boolean)
    .join('\n');
  const below = item.tokens.filter(isBelow);
  const inner = text === '' ? context : [...context, oneLine(text).replace(/[:：]$/, '')];
  const found = below.flatMap((each) => statements(each, inner, depth));
  if (found.length > 0 || text === '') return found;
  return [context.length > 0 ? `${context.join(' > ')}: ${text}` : text];
}

function rowsOf({ header, rows }: Tokens.Table): string[] {
  return rows.map((row) =>
    row.flatMap((cell, column) => (cell.text === '' ? [] : [[header[column]?.text, cell.text].filter(Boolean).join(': ')])).join('; '),
  );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
