import { estimatedTokens } from '../core/tokens.js';
import type { ImportedMemory, Item } from '../formats/item.js';
import type { Step } from '../formats/steps.js';
import { plain, styled } from './terminal.js';

/** What an import would bring. */
export interface Preview {
  conversations: number;
  messages: number;
  memories: number;
  /** Of an export of our own: events of its history. */
  events: number;
  /** Parts of which nothing is made, the first of them with where and why. */
  left_out: { count: number; first: { where: string; reason: string }[] };
  /** When the first and the last of it was said, ISO 8601; absent where no time is known. */
  from?: string;
  to?: string;
  /** Messages and memories, or events, by the space that they go to. */
  spaces: Record<string, number>;
  /** The first words of some of it. */
  examples: string[];
  /** Where a model is configured and will be asked. */
  model?: Estimate;
  /** Where no model is configured and the built-in rules find the facts in it. */
  by_rules?: true;
}

/** What a model will be asked. */
export interface Estimate {
  name: string;
  calls: number;
  /** Tokens that go in: an estimate that errs on the side of too many. */
  tokens: number;
  /** In the currency of the price that was given. */
  cost?: number;
}

const mostExamples = 5;
const mostFaults = 5;
const exampleLength = 100;
/** Characters that one call of the model reads of a long input, and tokens of its instructions and answers' form, both calls together. */
const charactersACall = 24_000;
const promptTokens = 1500;

/** A preview to which what is read is added. `model` is asked where facts are to be found; `price` is for a million tokens. */
export function createPreview({ model, price }: { model: string | undefined; price: number | undefined }) {
  const preview: Preview = {
    conversations: 0,
    messages: 0,
    memories: 0,
    events: 0,
    left_out: { count: 0, first: [] },
    spaces: {},
    examples: [],
  };
  const estimate: Estimate = { name: model ?? '', calls: 0, tokens: 0 };

  function example(text: string): void {
    if (preview.examples.length < mostExamples)
      preview.examples.push(text.replace(/\s+/g, ' ').trim().slice(0, exampleLength).toWellFormed());
  }

  function time(at: string | undefined): void {
    if (at === undefined) return;
    if (preview.from === undefined || at < preview.from) preview.from = at;
    if (preview.to === undefined || at > preview.to) preview.to = at;
  }

  return {
    addItem(item: Item): void {
      switch (item.form) {
        case 'left out':
          preview.left_out.count += 1;
          if (preview.left_out.first.length < mostFaults) preview.left_out.first.push({ where: item.where, reason: item.reason });
          return;
        case 'conversation':
          preview.conversations += 1;
          preview.messages += item.messages.length;
          for (const { at } of item.messages) time(at ?? item.at);
          example(item.title ?? item.messages[0]?.content ?? '');
          return;
        case 'memory':
          preview.memories += 1;
          time(item.at);
          example(exampleOf(item));
          return;
        default:
          item satisfies never;
      }
    },
    addStep({ space, count, characters, request }: Step): void {
      preview.spaces[space] = (preview.spaces[space] ?? 0) + count;
      if (!request.infer) return;
      if (model === undefined) preview.by_rules = true;
      const calls = Math.ceil(characters / charactersACall) + 1;
      estimate.calls += calls;
      estimate.tokens += request.turns.reduce((sum, { content }) => sum + estimatedTokens(content), 0) + calls * promptTokens;
    },
    /** One event of an export of our own, and the memory that it adds, if it does. */
    addEvent(space: string, at: string | undefined, added: string | undefined): void {
      preview.events += 1;
      preview.spaces[space] = (preview.spaces[space] ?? 0) + 1;
      time(at);
      if (added === undefined) return;
      preview.memories += 1;
      example(added);
    },
    done(): Preview {
      if (model === undefined || estimate.calls === 0) return preview;
      return { ...preview, model: price === undefined ? estimate : { ...estimate, cost: (estimate.tokens / 1e6) * price } };
    },
  };
}

function exampleOf({ subject, text }: ImportedMemory): string {
  return subject === undefined ? text : `${subject}: ${text}`;
}

const counted = (count: number, one: string, many = `${one}s`) => (count === 0 ? [] : [`${count} ${count === 1 ? one : many}`]);

/** A preview for people. */
export function previewLines({ from, to, ...preview }: Preview, format: string): string[] {
  const counts = [
    ...counted(preview.conversations, 'conversation'),
    ...counted(preview.messages, 'message'),
    ...counted(preview.memories, 'memory', 'memories'),
    ...counted(preview.events, 'event'),
  ];
  const times = from === undefined || to === undefined ? [] : [`  said from ${from.slice(0, 10)} to ${to.slice(0, 10)}`];
  const spaces = Object.entries(preview.spaces).map(([space, count]) => `  into ${plain(space)}: ${count}`);
  const { count, first } = preview.left_out;
  const faults = first.map(({ where, reason }) => `    ${plain(`${where}: ${reason}`).replace(/\s+/g, ' ')}`);
  return [
    `${styled('bold', format)}: ${counts.length > 0 ? counts.join(', ') : 'nothing to import'}`,
    ...times,
    ...spaces,
    ...preview.examples.map((text) => styled('dim', `  "${plain(text)}"`)),
    ...(count > 0 ? [`  ${count} left out${count > faults.length ? `, the first of them` : ''}:`, ...faults] : []),
    ...(preview.model ? [estimateLine(preview.model)] : []),
    ...(preview.by_rules
      ? ['  no model is configured: the built-in rules find what is worth keeping; --verbatim keeps all as it stands']
      : []),
  ];
}

function estimateLine({ name, calls, tokens, cost }: Estimate): string {
  const money = cost === undefined ? 'name what a million tokens cost with --price to see the sum' : `${cost.toFixed(2)} at that price`;
  return `  ${plain(name)} will be asked about ${calls} times with about ${tokens} tokens; ${money}`;
}
