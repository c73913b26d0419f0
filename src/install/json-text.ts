import { findNodeAtLocation, type JSONPath, type Node, type ParseError, parseTree, printParseErrorCode } from 'jsonc-parser';
import { InstallError } from './install-error.js';

/** What lies between two items: white space, comments, and a comma perhaps. */
const comments = /\/\*[\s\S]*?\*\/|\/\/[^\r\n]*/g;

/** The tree of a JSON text, comments and trailing commas allowed; undefined for one that holds nothing. Raises InstallErrors. */
export function jsonTree(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const root = parseTree(text, errors, { allowTrailingComma: true, allowEmptyContent: true });
  const [error] = errors;
  if (error) {
    const before = text.slice(0, error.offset).split('\n');
    const place = `line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
    throw new InstallError(`it is no valid JSON (${printParseErrorCode(error.error)} at ${place})`);
  }
  if (root && root.type !== 'object') throw new InstallError('it is no JSON object');
  return root;
}

/** The text with a value at a path, the objects on the way made where they are missing; an index of -1 adds to an array. Raises InstallErrors. */
export function setJson(text: string, path: JSONPath, value: unknown): string {
  const root = jsonTree(text);
  const style = styleOf(text, root);
  if (!root)
    return `${text && !/\n$/.test(text) ? `${text}${style.newline}` : text}${written(nested(path, value), '', style)}${style.newline}`;
  const node = path.at(-1) === -1 ? undefined : findNodeAtLocation(root, path);
  if (node) return replaced(text, node.offset, node.length, written(value, indentAt(text, node.offset), style));
  const { container, rest } = deepest(root, path);
  const [key = '', ...inner] = rest;
  const wanted = key === -1 ? 'array' : 'object';
  if (container.type !== wanted) throw new InstallError(`${path.slice(0, path.length - rest.length).join('.')} is no ${wanted}`);
  return withItem(text, container, style, { key, value: nested(inner, value) });
}

/** The text without what is at a path, its comma and the white space before it. Raises InstallErrors. */
export function removeJson(text: string, path: JSONPath): string {
  const root = jsonTree(text);
  const node = root && findNodeAtLocation(root, path);
  if (!node) return text;
  const item = node.parent?.type === 'property' ? node.parent : node;
  const siblings = item.parent?.children ?? [];
  const previous = siblings[siblings.indexOf(item) - 1];
  const end = item.offset + item.length;
  const next = siblings[siblings.indexOf(item) + 1];
  const after = commaBetween(text, end, next?.offset ?? endOf(item.parent) - 1);
  const comma = after ?? (previous && commaBetween(text, endOf(previous), item.offset));
  const start = text.slice(0, item.offset).trimEnd().length;
  if (comma === undefined) return replaced(text, start, end - start, '');
  // A comma right before the item ends what is kept before it, and is taken out with its white space.
  if (comma < start) return `${text.slice(0, comma)}${text.slice(comma + 1, start)}${text.slice(end)}`;
  return `${text.slice(0, start)}${text.slice(end, comma)}${text.slice(comma + 1)}`;
}

interface Style {
  newline: string;
  /** White space of one level. */
  unit: string;
  /** Several lines, or everything on one. */
  lines: boolean;
}

function styleOf(text: string, root: Node | undefined): Style {
  const first = root?.children?.[0];
  const indent = first ? indentAt(text, first.offset) : '';
  return {
    newline: text.includes('\r\n') ? '\r\n' : '\n',
    unit: indent || '  ',
    lines: text.trim().includes('\n') || first === undefined,
  };
}

/** The white space that the line of an offset begins with. */
function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(text.lastIndexOf('\n', offset - 1) + 1))?.[0] ?? '';
}

function written(value: unknown, indent: string, { unit, newline, lines }: Style): string {
  return lines ? JSON.stringify(value, undefined, unit).replaceAll('\n', `${newline}${indent}`) : JSON.stringify(value);
}

function nested([key, ...inner]: JSONPath, value: unknown): unknown {
  if (key === undefined) return value;
  return key === -1 ? [nested(inner, value)] : { [key]: nested(inner, value) };
}

function deepest(root: Node, path: JSONPath): { container: Node; rest: JSONPath } {
  for (let length = path.length - 1; length > 0; length--) {
    const container = findNodeAtLocation(root, path.slice(0, length));
    if (container) return { container, rest: path.slice(length) };
  }
  return { container: root, rest: path };
}

function withItem(text: string, container: Node, style: Style, { key, value }: { key: string | number; value: unknown }): string {
  const close = endOf(container) - 1;
  const inner = text.slice(container.offset + 1, close);
  const bodyEnd = container.offset + 1 + inner.trimEnd().length;
  const last = container.children?.at(-1);
  const lines = inner.includes('\n') || (!last && style.lines);
  const outer = indentAt(text, container.offset);
  const indent = last && inner.includes('\n') ? indentAt(text, last.offset) : outer + style.unit;
  const shown = written(value, indent, { ...style, lines });
  const colon = lines || /:\s/.test(text) ? ': ' : ':';
  const item = key === -1 ? shown : `${JSON.stringify(key)}${colon}${shown}`;
  const before = lines ? `${style.newline}${indent}` : last && /,\s/.test(text) ? ' ' : '';
  const after = lines && !text.slice(bodyEnd, close).includes('\n') ? `${style.newline}${outer}` : '';
  const comma = last && commaBetween(text, endOf(last), bodyEnd);
  const added = `${before}${item}${comma === undefined ? '' : ','}${after}`;
  const withAdded = replaced(text, bodyEnd, 0, added);
  return last && comma === undefined ? replaced(withAdded, endOf(last), 0, ',') : withAdded;
}

const endOf = (node: Node | undefined) => (node ? node.offset + node.length : 0);

/** Offset of the comma among what lies between two items; one in a comment is none. */
function commaBetween(text: string, start: number, end: number): number | undefined {
  const at = text
    .slice(start, end)
    .replace(comments, (comment) => ' '.repeat(comment.length))
    .indexOf(',');
  return at < 0 ? undefined : start + at;
}

function replaced(text: string, offset: number, length: number, by: string): string {
  return `${text.slice(0, offset)}${by}${text.slice(offset + length)}`;
}
