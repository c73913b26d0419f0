import type { ForgetAnswer, HistoryEvent, RecallAnswer, RecalledMemory, RememberAnswer, RememberResult } from '../core/answers.js';
import { relative, shownMoment } from './moments.js';
import { type Cell, type CellPart, table } from './table.js';
import { plain, type Style, styled } from './terminal.js';

const resultWords: Record<RememberResult['event'], { word: string; style: Style }> = {
  ADD: { word: 'remembered', style: 'green' },
  UPDATE: { word: 'updated', style: 'green' },
  DELETE: { word: 'retired', style: 'yellow' },
  RESTORE: { word: 'brought back', style: 'green' },
  NONE: { word: 'known', style: 'dim' },
};

const eventStyles: Record<HistoryEvent['event'], Style> = {
  ADD: 'green',
  UPDATE: 'cyan',
  DELETE: 'yellow',
  RESTORE: 'green',
  ERASE: 'red',
  CONFIRM: 'dim',
  RECEIVED: 'dim',
  PROCESSED: 'dim',
};

const dim = (text: string | undefined | false): CellPart[] => (text ? [{ text, style: 'dim' }] : []);
const whenCell = (at: string, now: number): Cell => [{ text: shownMoment(at) }, ...dim(relative(at, now))];
const notes = (degraded: readonly string[] = []) => degraded.map((note) => styled('yellow', plain(`degraded: ${note}`)));

/** What becomes of an input whose command ends before the model has worked through it. */
export const whoGoesOn = 'It waits for the model; the next server of this home works through it.';

/** What a remember did, for people. */
export function rememberedPage(answer: RememberAnswer): string {
  const { results, skipped, similar = [], pending, degraded } = answer;
  const rows = results.map(({ event, id, memory, previous, reason }): Cell[] => [
    [{ text: resultWords[event].word, style: resultWords[event].style }],
    [{ text: memory }, ...dim(previous !== undefined && previous !== memory && `before: ${previous}`), ...dim(reason)],
    [{ text: id, style: 'dim' }],
  ]);
  return [
    ...(rows.length > 0 ? [table(['', 'Memory', 'ID'], rows, { flexible: 1 })] : []),
    ...skipped.map(({ text, reason }) =>
      styled('yellow', plain(text ? `skipped ${JSON.stringify(text)}: ${reason}` : `skipped: ${reason}`)),
    ),
    ...similar.map(({ id, memory }) => styled('dim', plain(`close to it: ${id}  ${memory}`))),
    ...(pending ? [`Saved. ${whoGoesOn}`] : []),
    ...notes(degraded),
  ].join('\n');
}

function aboutMemory(memory: RecalledMemory): string {
  const { subject, kind, pinned, occurred_at, recurs, expires_at, space, why, truncated } = memory;
  const parts = [
    kind !== 'observation' && kind,
    pinned && 'pinned',
    subject && `about ${subject}`,
    occurred_at && `happens ${occurred_at}${recurs ? `, ${recurs}` : ''}`,
    expires_at && `expires ${shownMoment(expires_at)}`,
    !space.startsWith('user:') && space,
    truncated && 'cut; history shows it whole',
    why && reasons(why),
  ];
  return parts.filter(Boolean).join(' · ');
}

function reasons({ lexical, dense, time, lifted, fused, rerank }: NonNullable<RecalledMemory['why']>): string {
  const parts = [
    lexical && `words #${lexical.rank} (${lexical.score})`,
    dense && `meaning #${dense.rank} (${dense.score})`,
    time && `time #${time.rank} (${time.score})`,
    ...Object.entries(lifted).map(([name, value]) => `${name} ${name === 'context' ? '+' : 'x'}${value}`),
    `in all ${fused}`,
    rerank !== undefined && `reranked ${rerank}`,
  ];
  return parts.filter(Boolean).join(', ');
}

/** What a recall found or listed, for people. `nothing`: what is said where that is so. */
export function recalledPage(answer: RecallAnswer, { now, nothing }: { now: number; nothing: string }): string {
  const { memories, total, next_cursor, degraded } = answer;
  if (memories.length === 0) return [nothing, ...notes(degraded)].join('\n');
  const scored = memories.some(({ score }) => score !== undefined);
  const rows = memories.map((memory): Cell[] => [
    ...(scored ? [[{ text: memory.score?.toFixed(2) ?? '', style: 'cyan' as const }]] : []),
    [{ text: memory.memory }, ...dim(aboutMemory(memory))],
    whenCell(memory.said_at ?? memory.created_at, now),
    [{ text: memory.id, style: 'dim' }],
  ]);
  const count = total !== undefined && total > memories.length ? `${memories.length} of ${total.toLocaleString('en')} memories.` : '';
  const more = next_cursor && `${count} The next: the same command with --cursor ${next_cursor}`.trim();
  const heads = [...(scored ? ['Score'] : []), 'Memory', 'Said', 'ID'];
  return [
    table(heads, rows, { flexible: scored ? 1 : 0 }),
    ...(more || count ? [styled('dim', more || count)] : []),
    ...notes(degraded),
  ].join('\n');
}

/** What happened, for people. `nothing`: what is said where that is so. */
export function historyPage(
  events: readonly HistoryEvent[],
  { now, nothing, cursor }: { now: number; nothing: string; cursor?: string | undefined },
): string {
  if (events.length === 0) return nothing;
  const rows = events.map((event): Cell[] => {
    const { at, memory = '', previous, reason, source, by, memory_id = '', revision, call_id } = event;
    const from = [source?.client, source?.agent_id, source?.run_id, by && `by ${by.model}`].filter(Boolean).join(', ');
    const said = source?.text !== undefined && source.text !== memory && `from: ${source.text}`;
    return [
      whenCell(at, now),
      [{ text: event.event, style: eventStyles[event.event] }, ...dim(revision !== undefined && `rev. ${revision}`)],
      [
        { text: memory },
        ...dim(previous !== undefined && `before: ${previous}`),
        ...dim(reason),
        ...dim(said),
        ...dim(from),
        ...dim(`call ${call_id}`),
      ],
      [{ text: memory_id, style: 'dim' }],
    ];
  });
  const more = cursor === undefined ? [] : [styled('dim', `The next: the same command with --cursor ${cursor}`)];
  return [table(['When', 'What', 'Memory', 'ID'], rows, { flexible: 2 }), ...more].join('\n');
}

/** One event on one line, as it happens. */
export function eventLine({ at, event, memory_id = '', memory, previous, reason }: HistoryEvent): string {
  const about = [previous !== undefined && `before: ${JSON.stringify(previous)}`, reason].filter(Boolean).join('; ');
  const text = memory === undefined ? '' : `  ${plain(JSON.stringify(memory))}`;
  const line = `${styled('dim', at.slice(11, 19))}  ${styled(eventStyles[event], event.padEnd(7))}  ${memory_id}${text}`;
  return about === '' ? line : `${line}  ${styled('dim', plain(about).replaceAll(/\s*\n\s*/g, ' '))}`;
}

/** What a forget would do or did, for people. */
export function forgottenPage(answer: ForgetAnswer, { now, erase }: { now: number; erase: boolean }): string {
  const { forgotten, candidates = [], not_found, count, same_text } = answer;
  const isPreview = count !== undefined && forgotten.length === 0;
  const total = count ?? forgotten.length;
  const rows = isPreview
    ? candidates.map(({ id, memory, created_at }): Cell[] => [[{ text: memory }], whenCell(created_at, now), [{ text: id, style: 'dim' }]])
    : forgotten.map(({ id, memory }): Cell[] => [
        [memory ? { text: memory } : { text: 'its text is gone', style: 'dim' }],
        [{ text: id, style: 'dim' }],
      ]);
  const more = total > rows.length ? [`and ${(total - rows.length).toLocaleString('en')} more`] : [];
  const what = total === 1 ? '1 memory' : `${total.toLocaleString('en')} memories`;
  const done = erase ? 'erased for good' : 'forgotten';
  return [
    ...(rows.length > 0 ? [table(['Memory', ...(isPreview ? ['Since'] : []), 'ID'], rows, { flexible: 0 }), ...more] : []),
    isPreview ? `${what} would be ${done}.` : styled(total > 0 ? 'yellow' : 'dim', `${what} ${total === 1 ? 'was' : 'were'} ${done}.`),
    ...(not_found.length > 0 ? [styled('yellow', plain(`Not found, already forgotten, or changed since: ${not_found.join(', ')}`))] : []),
    ...(same_text ? [styled('yellow', `These say the same and stay: ${same_text.join(', ')}`)] : []),
  ].join('\n');
}
