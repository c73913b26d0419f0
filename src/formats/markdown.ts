import { marked, type Token, type Tokens } from 'marked';
import type { ImportedMemory } from './item.js';
import { memoriesInText } from './plain-text.js';

/** What every memory of a text has. */
type Common = Pick<ImportedMemory, 'at' | 'metadata'>;

/** Levels of quotes and lists that are gone into: what is nested deeper stands as one text. */
const deepest = 20;

/**
 * The memories of a Markdown text: each item of a list, each paragraph, row of a table and block of code as it is
 * written, after the headings and items that it stands under. The front matter, comments and rules are none.
 */
export function memoriesInMarkdown(text: string, common: Common = {}): ImportedMemory[] {
  const body = text.replace(/^---\n[\s\S]*?\n(?:---|\.\.\.)(?:\n|$)/, '');
  const tokens = tokensOf(withBoundedDepth(body));
  if (!tokens) return memoriesInText(body, common);
  const headings: { depth: number; text: string }[] = [];
  return tokens.flatMap((token) => {
    if (token.type === 'heading') {
      while ((headings.at(-1)?.depth ?? 0) >= token.depth) headings.pop();
      headings.push({ depth: token.depth, text: oneLine(token.text) });
      return [];
    }
    return statements(token, headings.map((heading) => heading.text).filter(Boolean), 0).map(
      (statement): ImportedMemory => ({ form: 'memory', text: statement, ...common }),
    );
  });
}

/** Undefined for what the parser cannot take, such as a paragraph of a hundred thousand lines. */
function tokensOf(text: string): Token[] | undefined {
  try {
    return marked.lexer(text);
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

function statements(token: Token, context: readonly string[], depth: number): string[] {
  const under = (text: string) => (text === '' ? [] : [context.length > 0 ? `${context.join(' > ')}: ${text}` : text]);
  if (depth > deepest) return under(token.raw.trim());
  switch (token.type) {
    case 'paragraph':
    case 'code':
    case 'text':
      return under(String(token.text).trim());
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
    .map((each) => ('text' in each ? String(each.text).trim() : ''))
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
