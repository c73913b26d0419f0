import { useEffect, useRef, useState } from 'preact/hooks';
import type { ApiError, Calls } from './api.js';
import { useSurroundings } from './context.js';
import { apiErrorOf, useLoaded } from './use-answer.js';

type PagedName = { [Name in keyof Calls]: Calls[Name]['answer'] extends { next_cursor?: string | undefined } ? Name : never }[keyof Calls];

/** The pages of an answer that were asked for so far. */
export interface Pages<Answer> {
  /** The first page, then those after it. While others are awaited, those before. */
  pages: Answer[];
  error?: ApiError;
  isLoading: boolean;
  hasMore: boolean;
  more(): void;
  reload(): void;
}

/** The answer to a call page by page, from the first one whenever the request changes; undefined asks for nothing. */
export function usePages<Name extends PagedName>(name: Name, request: Calls[Name]['request'] | undefined): Pages<Calls[Name]['answer']> {
  type Answer = Calls[Name]['answer'];
  const { api } = useSurroundings();
  const key = request && `${name} ${JSON.stringify(request)}`;
  const first = useLoaded<Answer>(key, (signal) => api.call(name, request ?? {}, signal));
  const [further, setFurther] = useState<{ after: Answer | undefined; pages: Answer[]; error?: ApiError; isLoading: boolean }>({
    after: undefined,
    pages: [],
    isLoading: false,
  });
  const awaited = useRef<AbortController>(undefined);
  // Pages that followed another first page are none of this answer.
  const own = further.after === first.answer ? further : { after: first.answer, pages: [], isLoading: false };
  const pages = first.answer === undefined ? [] : [first.answer, ...own.pages];
  const cursor = pages.at(-1)?.next_cursor;

  useEffect(() => () => awaited.current?.abort(), [key]);

  async function more(): Promise<void> {
    if (cursor === undefined || own.isLoading || first.isLoading) return;
    const controller = new AbortController();
    awaited.current = controller;
    const { after, pages: before } = own;
    setFurther({ after, pages: before, isLoading: true });
    try {
      const next: Answer = await api.call(name, { ...request, cursor } as Calls[Name]['request'], controller.signal);
      setFurther({ after, pages: [...before, next], isLoading: false });
    } catch (error) {
      if (!controller.signal.aborted) setFurther({ after, pages: before, error: apiErrorOf(error), isLoading: false });
    }
  }

  const error = first.error ?? ('error' in own ? own.error : undefined);
  return {
    pages,
    ...(error ? { error } : {}),
    isLoading: first.isLoading || own.isLoading,
    hasMore: cursor !== undefined,
    more: () => void more(),
    reload: first.reload,
  };
}
