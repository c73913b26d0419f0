/** What the log says before it is damaged: a first line, and a batch of three lines for each of these. */
export const said = {
  a: 'Nora plays the cello.',
  b: 'Olaf sails on the lake.',
  c: 'Pia bakes bread.',
  d: 'Quim paints fences.',
};
/** Lines of one batch. */
const batchSize = 3;

/** A way to damage a log, and what must come of it. */
export interface Damage {
  name: string;
  /** What becomes of the file's lines, line feeds included. */
  damaged(lines: string[]): string | Buffer;
  /** The memories that can still be read. */
  left: (keyof typeof said)[];
  /** What doctor and the log on stderr say of it, absent where nothing is left out. */
  reported?: RegExp;
  /** Only who has read the log before can tell that something is missing: what its log says then. */
  missed?: RegExp;
  /** Code of the error that refuses reads and writes, or writes alone. */
  refuses?: { reads?: string; writes: string };
  /** A server that has read the log takes this for its loss, and refuses reads and writes until the log is back. */
  isLoss?: true;
  /** The next write keeps these bytes of the file in another one beside it. */
  setsAside?: true;
}

const all: Damage['left'] = ['a', 'b', 'c', 'd'];
const [ofB, ofC, ofD] = [1, 2, 3].map((batch) => 1 + batch * batchSize) as [number, number, number];
const insert = (lines: string[], at: number, ...more: string[]) => [...lines.slice(0, at), ...more, ...lines.slice(at)].join('');
const replace = (lines: string[], at: number, line: string) => lines.with(at, line).join('');
const nulls = `${'\0'.repeat(512)}\n`;

/** Changes a field of a line. */
function edited(line: string | undefined, fields: object): string {
  return `${JSON.stringify({ ...(JSON.parse(line ?? '') as object), ...fields })}\n`;
}

/** One damage of each kind. */
export const damages: Damage[] = [
  {
    name: 'is cut off in the middle of its last line',
    damaged: (lines) => lines.join('').slice(0, -40),
    left: ['a', 'b', 'c'],
    reported: /unfinished/,
    setsAside: true,
  },
  {
    name: 'is cut off between two lines of a batch',
    damaged: (lines) => lines.slice(0, -1).join(''),
    left: ['a', 'b', 'c'],
    reported: /unfinished/,
    setsAside: true,
  },
  {
    name: 'is cut off in the middle of an earlier line',
    damaged: (lines) => lines.slice(0, ofC).join('').slice(0, -10),
    left: ['a'],
    reported: /unfinished/,
    setsAside: true,
  },
  {
    name: 'is cut off between two batches',
    damaged: (lines) => lines.slice(0, ofC).join(''),
    left: ['a', 'b'],
    missed: /another program changed it/,
  },
  { name: 'is cut off after its first line', damaged: ([first = '']) => first, left: [], missed: /another program changed it/ },
  { name: 'is emptied', damaged: () => '', left: [], reported: /first line/, isLoss: true },
  { name: 'has a line of text after its first', damaged: (lines) => insert(lines, 1, 'hello\n'), left: all, reported: /line 2 / },
  { name: 'has a line of text between two batches', damaged: (lines) => insert(lines, ofC, 'hello\n'), left: all, reported: /line 8 / },
  {
    name: 'has a line of text within a batch',
    damaged: (lines) => insert(lines, ofC + 1, 'hello\n'),
    left: ['a', 'b', 'd'],
    reported: /line 9 /,
  },
  {
    name: 'has a line of text at its end',
    damaged: (lines) => insert(lines, lines.length, 'hello\n'),
    left: all,
    reported: /line 14 |unfinished/,
    setsAside: true,
  },
  { name: 'has zeros between two batches', damaged: (lines) => insert(lines, ofB, nulls), left: all, reported: /line 5 / },
  {
    name: 'has zeros in place of a line',
    damaged: (lines) => replace(lines, ofB + 1, nulls),
    left: ['a', 'c', 'd'],
    reported: /line 6 /,
  },
  {
    name: 'has zeros at its end, where a write was never finished',
    damaged: (lines) => lines.join('') + '\0'.repeat(4096),
    left: all,
    reported: /unfinished/,
    setsAside: true,
  },
  {
    name: 'has half an object in place of a line',
    damaged: (lines) => replace(lines, ofC + 1, `${lines[ofC + 1]?.slice(0, 60)}\n`),
    left: ['a', 'b', 'd'],
    reported: /line 9 /,
  },
  {
    name: 'has bytes that are no UTF-8 in a line',
    damaged: (lines) =>
      Buffer.concat([
        Buffer.from(lines.slice(0, ofD).join('')),
        Buffer.from([0xff, 0xfe, 0x80, 0x0a]),
        Buffer.from(lines.slice(ofD).join('')),
      ]),
    left: all,
    reported: /line 11 /,
  },
  { name: 'has a line twice', damaged: (lines) => insert(lines, ofC, lines[ofC] ?? ''), left: all, reported: /line 9 / },
  { name: 'has its last line twice', damaged: (lines) => lines.join('') + lines.at(-1), left: all, reported: /line 14 /, setsAside: true },
  { name: 'has a batch twice', damaged: (lines) => insert(lines, ofC, ...lines.slice(ofB, ofC)), left: all },
  {
    name: 'has two lines of a batch in the wrong order',
    damaged: (lines) => insert(lines.toSpliced(ofB, 1), ofB + 1, lines[ofB] ?? ''),
    left: ['a', 'c', 'd'],
    reported: /line 7 /,
  },
  {
    name: 'has two batches in the wrong order',
    damaged: (lines) => insert(lines.toSpliced(ofB, batchSize), ofC, ...lines.slice(ofB, ofC)),
    left: ['a', 'c', 'd'],
    reported: /events 4 to 6 are missing before line 7/,
  },
  {
    name: 'has an event and fields of a newer version',
    damaged: (lines) =>
      lines
        .with(0, edited(lines[0], { format: 2, more: { of: 'this' } }))
        .with(ofB, edited(lines[ofB], { mood: 'bright', more: [1, 2] }))
        .concat(edited(lines.at(-1), { event: 'DREAMT', seq: lines.length, event_id: 'later', batch: 'later' }))
        .join(''),
    left: all,
  },
  {
    name: 'was written by a newer version that still lets others read',
    damaged: (lines) => replace(lines, 0, edited(lines[0], { format: 2, min_writer: 2 })),
    left: all,
    reported: /newer Keepsake and is read-only here; update with: npx -y keepsake-mcp@latest/,
    refuses: { writes: 'update_needed' },
  },
  {
    name: 'was written by a newer version that lets nobody else read',
    damaged: (lines) => replace(lines, 0, edited(lines[0], { format: 2, min_reader: 2, min_writer: 2 })),
    left: [],
    reported: /newer Keepsake/,
    refuses: { reads: 'update_needed', writes: 'update_needed' },
  },
  { name: 'begins with a byte order mark', damaged: (lines) => `\uFEFF${lines.join('')}`, left: all },
  { name: 'was saved with CRLF', damaged: (lines) => lines.join('').replaceAll('\n', '\r\n'), left: all },
  {
    name: 'was saved with CRLF and a byte order mark',
    damaged: (lines) => `\uFEFF${lines.join('').replaceAll('\n', '\r\n')}`,
    left: all,
  },
  {
    name: 'has garbage for its first line',
    damaged: (lines) => replace(lines, 0, 'hello\n'),
    left: [],
    reported: /first line is not that of a Keepsake history/,
    refuses: { reads: 'log_unavailable', writes: 'log_unavailable' },
  },
  {
    name: 'has zeros before its first line',
    damaged: (lines) => insert(lines, 0, nulls),
    left: [],
    reported: /first line is not that of a Keepsake history/,
    refuses: { reads: 'log_unavailable', writes: 'log_unavailable' },
  },
  {
    name: 'has become the log of another space',
    damaged: (lines) => replace(lines, 0, edited(lines[0], { space: 'user:somebody-else' })),
    left: [],
    reported: /belongs to the space/,
    refuses: { reads: 'log_unavailable', writes: 'log_unavailable' },
  },
];
