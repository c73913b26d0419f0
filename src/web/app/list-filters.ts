import type { Kind } from '../../core/events.js';

/** The kinds that a list can be narrowed to. */
export const kinds = ['observation', 'procedure', 'insight'] as const satisfies readonly Kind[];

/** What a list is narrowed by, as its address says it. */
export interface Chosen {
  show: 'held' | 'forgotten';
  kind?: Kind;
  subject?: string;
  /** `me`: only what is about the person of the space, and names no subject. */
  about?: 'me';
  /** Days such as 2026-03-09, both included. */
  since?: string;
  until?: string;
  pinned?: true;
  agent?: string;
  /** Words of a forgotten memory. */
  words?: string;
  /** Such as 2026-03: the month in which it was first remembered. */
  month?: string;
  as_of?: string;
}

/** Reads what an address narrows a list by; what makes no sense is left out. */
export function readChosen(params: URLSearchParams): Chosen {
  const kind = kinds.find((known) => known === params.get('kind'));
  const texts = (['subject', 'since', 'until', 'agent', 'words', 'month', 'as_of'] as const).flatMap((name) => {
    const value = params.get(name);
    return value ? [[name, value] as const] : [];
  });
  return {
    ...Object.fromEntries(texts),
    show: params.get('show') === 'forgotten' ? 'forgotten' : 'held',
    ...(kind ? { kind } : {}),
    ...(params.get('about') === 'me' ? { about: 'me' } : {}),
    ...(params.get('pinned') === 'yes' ? { pinned: true } : {}),
  };
}

/** The `filters` of a recall for what is chosen. */
export function filtersOf({ kind, subject, about, pinned, month }: Chosen): Record<string, unknown> | undefined {
  const filters = {
    ...(kind ? { kind } : {}),
    ...(subject === undefined ? {} : { subject }),
    // Every text contains the empty one; what has no subject does not.
    ...(about ? { not: { subject: { contains: '' } } } : {}),
    ...(pinned ? { pinned } : {}),
    ...(month === undefined ? {} : { created_at: month }),
  };
  return Object.keys(filters).length > 0 ? filters : undefined;
}

/** Whether anything beside held or forgotten is chosen. */
export const isNarrowed = (chosen: Chosen): boolean => Object.keys(chosen).length > 1;

/** An address without what narrows its list. */
export const nothingChosen: Record<Exclude<keyof Chosen, 'show'>, undefined> = {
  kind: undefined,
  subject: undefined,
  about: undefined,
  since: undefined,
  until: undefined,
  pinned: undefined,
  agent: undefined,
  words: undefined,
  month: undefined,
  as_of: undefined,
};
