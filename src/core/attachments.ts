import { allEvents } from './all-events.js';
import type { Core } from './core.js';
import { KeepsakeError } from './errors.js';
import type { Attachment, Event, ReceivedInput, SkippedPart, Turn } from './events.js';
import type { Candidate } from './facts.js';
import { excerpt, gate } from './gate.js';
import type { AttachedBytes, Fact, Space } from './ports.js';
import { isAllRedacted } from './redaction.js';
import type { OpenSpace } from './spaces.js';

/** The words that were read from one attachment, marked as what they are. */
export interface Reading {
  /** Index of its turn in the input. */
  turn: number;
  attachment: Attachment;
  text: string;
}

/** What became of the attachments of an input. */
export interface Readings {
  readings: Reading[];
  skipped: SkippedPart[];
}

/** One attachment in its place. */
interface Attached {
  turn: number;
  attachment: Attachment;
}

/** Bytes of one call in all, and how many attachments they may be: each is a call of a model. */
const mostBytes = 3 * 1024 * 1024;
const mostAttachments = 50;
/** Attachments that are read at the same time. */
const atOnce = 4;
/** Characters that are taken from one. */
const longestReading = 200_000;

/** Raises too_large for attachments that are more than one call takes. */
export function checkSize(attachments: readonly AttachedBytes[]): void {
  const bytes = attachments.reduce((sum, { data }) => sum + data.length, 0);
  if (bytes > mostBytes)
    throw new KeepsakeError(
      'too_large',
      `The attachments have ${bytes} bytes; one call takes ${mostBytes}. Send them in several calls, or smaller.`,
    );
  if (attachments.length > mostAttachments)
    throw new KeepsakeError(
      'too_large',
      `${attachments.length} attachments are more than the ${mostAttachments} that one call takes; send them in several calls.`,
    );
}

function attachedTo(input: ReceivedInput): Attached[] {
  return input.turns.flatMap(({ attachments = [] }, turn) => attachments.map((attachment) => ({ turn, attachment })));
}

/** Whether what an extractor is shown includes what attachments show: a model tells apart who says what, rules do not. */
function joinsTurns(core: Core, input: ReceivedInput): boolean {
  return input.infer && core.extractor.remote;
}

/** Why an attachment is not read; undefined where it can be tried. */
function obstacleTo(core: Core, input: ReceivedInput, { turn, attachment }: Attached): string | undefined {
  const role = input.turns[turn]?.role;
  if (role === 'system') return 'what is attached to a system turn is not read';
  if (role === 'assistant' && input.infer && !joinsTurns(core, input)) return 'what the assistant attached says nothing of the user';
  return core.attachmentReader.obstacle(attachment.mime_type);
}

/** The attachments of an input that a model will be asked about. */
export function readableIn(core: Core, input: ReceivedInput): Attachment[] {
  return attachedTo(input).flatMap((each) => (obstacleTo(core, input, each) === undefined ? [each.attachment] : []));
}

/** For people: what kind of thing an attachment is and how large, such as "image/png, 34 kB". */
export function named({ mime_type, bytes }: Attachment): string {
  const size = bytes < 1_000_000 ? `${Math.max(1, Math.round(bytes / 1000))} kB` : `${(bytes / 1_000_000).toFixed(1)} MB`;
  return `${mime_type}, ${size}`;
}

/** Reads every attachment of an input that can be read, and passes the words through the gate. Raises ModelError. */
export async function readAttachments(core: Core, space: Space, input: ReceivedInput, signal: AbortSignal): Promise<Readings> {
  const attached = attachedTo(input);
  const all: Readings = { readings: [], skipped: [] };
  for (let first = 0; first < attached.length; first += atOnce) {
    const some = attached.slice(first, first + atOnce).map((each) => readOne(core, space, { input, attached: each, signal }));
    for (const { readings, skipped } of await Promise.all(some)) {
      all.readings.push(...readings);
      all.skipped.push(...skipped);
    }
  }
  return all;
}

async function readOne(
  core: Core,
  space: Space,
  { input, attached, signal }: { input: ReceivedInput; attached: Attached; signal: AbortSignal },
): Promise<Readings> {
  const { attachment } = attached;
  const skip = (reason: string): Readings => ({ readings: [], skipped: [{ text: named(attachment), reason: excerpt(reason) }] });
  const obstacle = obstacleTo(core, input, attached);
  if (obstacle !== undefined) return skip(obstacle);
  const data = await core.attachments.get(space, attachment.hash);
  if (data === undefined) return skip('its bytes are no longer there');
  const read = await core.attachmentReader.read({ mime_type: attachment.mime_type, data }, signal);
  return 'skipped' in read ? skip(read.skipped) : gatedReading(attached, read.text);
}

/** What may be learnt from the words of an attachment: they pass the gate as all other words do. */
function gatedReading({ turn, attachment }: Attached, words: string): Readings {
  const { learnable, redactions, refused, skipped } = gate(words.slice(0, longestReading));
  const parts: SkippedPart[] = [
    ...(words.length > longestReading
      ? [{ text: named(attachment), reason: `only its first ${longestReading} characters were taken` }]
      : []),
    ...(refused ? [{ text: named(attachment), reason: 'no words were found in it' }] : []),
    ...redactions.map((kind) => ({ text: `[redacted: ${kind}]`, reason: 'a secret is not kept' })),
    ...skipped,
  ];
  if (learnable === '' || isAllRedacted(learnable)) return { readings: [], skipped: parts };
  return { readings: [{ turn, attachment, text: `${markOf(attachment)} ${learnable}` }], skipped: parts };
}

/** Tells words that were read from those that were said. */
function markOf({ mime_type }: Attachment): string {
  return mime_type.startsWith('image/') ? '[attached image shows]' : '[attached recording says]';
}

/** A screening to which the attachments of its input have been added: a model sees their words below those of their turn. */
export function withReadings<S extends { turns: Turn[]; needsExtraction: boolean; skipped: SkippedPart[] }>(
  core: Core,
  input: ReceivedInput,
  screening: S,
  { readings, skipped }: Readings,
): S & { readings: Reading[] } {
  const whole = { ...screening, readings, skipped: [...screening.skipped, ...skipped] };
  if (readings.length === 0 || !joinsTurns(core, input)) return whole;
  const turns = screening.turns.map((turn, index) => {
    const texts = readings.filter((reading) => reading.turn === index).map(({ text }) => text);
    return { ...turn, content: [turn.content, ...texts].filter(Boolean).join('\n\n') };
  });
  const isSource = ({ turn }: Reading) => input.kind === 'procedure' || input.turns[turn]?.role === 'user';
  return { ...whole, turns, needsExtraction: screening.needsExtraction || readings.some(isSource) };
}

/** The words of attachments that no model sees in their turns: each stands as a memory of its own. */
export function verbatimReadings(core: Core, input: ReceivedInput, readings: readonly Reading[]): Fact[] {
  if (joinsTurns(core, input)) return [];
  return readings.map(({ turn, text }) => {
    const { name, role } = input.turns[turn] ?? {};
    const subject = name ?? (role === 'assistant' ? 'assistant' : undefined);
    return { text, ...(subject === undefined ? {} : { subject }), turn, quote: text };
  });
}

/** A candidate that names the attachment it came from, if it came from one rather than from what was said. */
export function attributed(candidate: Candidate, input: ReceivedInput, readings: readonly Reading[]): Candidate {
  const attachment = sourceOf(candidate.fact, input, readings);
  if (!attachment) return candidate;
  const { source } = candidate;
  // What a picture says is no instruction of the user's.
  const { standing, ...rest } = candidate.state;
  const state = standing && !attachment.mime_type.startsWith('image/') ? { ...rest, standing } : rest;
  const label = `${attachment.mime_type} sha256:${attachment.hash.slice(0, 16)}`;
  return {
    ...candidate,
    // A label of the caller's under this name is what the caller wants.
    state: { ...state, metadata: { [attachmentLabel]: label, ...state.metadata } },
    source: { ...source, attachment: attachment.hash },
  };
}

/** Under which label of a memory the attachment stands that it came from. */
export const attachmentLabel = 'attachment';

function sourceOf({ turn, quote }: Fact, input: ReceivedInput, readings: readonly Reading[]): Attachment | undefined {
  if (input.turns[turn]?.content.includes(quote)) return undefined;
  return readings.find((reading) => reading.turn === turn && reading.text.includes(quote))?.attachment;
}

/** The hashes of all attachments that inputs name. */
export function attachmentsIn(events: Iterable<Event>): Set<string> {
  const hashes = new Set<string>();
  for (const event of events)
    if (event.event === 'RECEIVED') for (const { attachment } of attachedTo(event.input)) hashes.add(attachment.hash);
  return hashes;
}

/** Removes the bytes of a space that no input in its log names any more. Raises log_unavailable. */
export function dropAttachments({ attachments }: Core, open: OpenSpace): Promise<void> {
  return attachments.keepOnly(open.space, async () => attachmentsIn(await allEvents(open)));
}
