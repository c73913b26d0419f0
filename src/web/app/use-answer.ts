import { useCallback, useEffect, useRef, useState } from 'preact/hooks';
import { ApiError, type Calls } from './api.js';
import { useSurroundings } from './context.js';

/** Why something failed, to be shown. A fault that is not the server's is one of this program, and is told to the console, too. */
export function apiErrorOf(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  reportError(error);
  return new ApiError({ error: { code: 'internal', message: String(error) } }, { cause: error });
}

/** What is known of an answer: while it is awaited again, the one before. */
export interface Loading<T> {
  answer?: T;
  error?: ApiError;
  isLoading: boolean;
  reload(): void;
}

/** What `load` gives, anew whenever `key` changes; undefined loads nothing. */
export function useLoaded<T>(key: string | undefined, load: (signal: AbortSignal) => Promise<T>): Loading<T> {
  const [turn, setTurn] = useState(0);
  const asked = key === undefined ? undefined : `${turn} ${key}`;
  const [known, setKnown] = useState<{ of?: string; answer?: T; error?: ApiError }>({});
  const newest = useRef(load);
  newest.current = load;
  useEffect(() => {
    if (asked === undefined) return;
    const controller = new AbortController();
    const { signal } = controller;
    newest.current(signal).then(
      (answer) => signal.aborted || setKnown({ of: asked, answer }),
      (error: unknown) => signal.aborted || setKnown({ of: asked, error: apiErrorOf(error) }),
    );
    return () => controller.abort();
  }, [asked]);
  const { of, answer, error } = known;
  const isLoading = asked !== undefined && of !== asked;
  const reload = useCallback(() => setTurn((before) => before + 1), []);
  return { ...(answer === undefined ? {} : { answer }), ...(error && !isLoading ? { error } : {}), isLoading, reload };
}

/** The answer to a call, asked again whenever the request changes. */
export function useAnswer<Name extends keyof Calls>(
  name: Name,
  request: Calls[Name]['request'] | undefined,
): Loading<Calls[Name]['answer']> {
  const { api } = useSurroundings();
  return useLoaded(request && `${name} ${JSON.stringify(request)}`, (signal) => api.call(name, request ?? {}, signal));
}
