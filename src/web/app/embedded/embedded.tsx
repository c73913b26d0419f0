import type { ComponentChild } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RecallAnswer } from '../../../core/answers.js';
import { ApiError, type RecallRequest } from '../api.js';
import { Failure } from '../components/failure.js';
import { Placeholder } from '../components/placeholder.js';
import { LanguageContext } from '../context.js';
import { languageFor, languages } from '../language.js';
import { applyContext, followSize } from './appearance.js';
import type { Host, HostContext, ToolResult } from './host.js';
import { createHostApi, faultIn, textOf } from './host-api.js';
import { View } from './view.js';

/** What the host has told of its call of recall so far. */
interface Told {
  request: RecallRequest;
  result?: ToolResult;
  failure?: string;
  /** Counts the results: a new one is a new view. */
  turn: number;
}

/** The view that a host shows: what recall answered, once the host has told it. */
export function Embedded({ host }: { host: Host }) {
  const [context, setContext] = useState<HostContext>({});
  const [told, setTold] = useState<Told>({ request: {}, turn: 0 });
  const [isConnected, setConnected] = useState(false);
  const changed = useRef(new Set<string>());
  const api = useMemo(() => createHostApi(host), [host]);
  const language = languages[languageFor(context.locale ?? navigator.language)];

  useEffect(() => {
    const merge = (news: HostContext) => setContext((before) => ({ ...before, ...news }));
    host
      .connect({
        'ui/notifications/tool-input': ({ arguments: request = {} }) => setTold(({ turn }) => ({ request, turn })),
        'ui/notifications/tool-result': (result) => setTold(({ request, turn }) => ({ request, result, turn: turn + 1 })),
        'ui/notifications/tool-cancelled': ({ reason = '' }) => setTold(({ request, turn }) => ({ request, failure: reason, turn })),
        'ui/notifications/host-context-changed': merge,
      })
      .then(
        ({ hostContext = {} }) => {
          merge(hostContext);
          setConnected(true);
        },
        (error: Error) => setTold({ request: {}, failure: error.message, turn: 0 }),
      );
  }, [host]);
  useEffect(
    // Before the handshake is over a host listens to nothing else.
    () => (isConnected ? followSize((size) => host.notify('ui/notifications/size-changed', size)) : undefined),
    [host, isConnected],
  );
  useEffect(() => applyContext(document.documentElement, { ...context, locale: language.locale }), [context, language]);

  /** The model has read what recall answered; what the person changed since, it cannot know. */
  const onChange = useMemo(
    () => (id: string) => {
      changed.current.add(id);
      const ids = [...changed.current].join(', ');
      const text = `In Keepsake's view the user has changed these memories since recall gave them: ${ids}. Call recall again before relying on them.`;
      // A host that keeps no context for the model refuses, and nothing follows from that here.
      host.request('ui/update-model-context', { content: [{ type: 'text', text }] }).catch(() => undefined);
    },
    [host],
  );

  return (
    <LanguageContext.Provider value={language}>
      <Shown
        told={told}
        render={(answer) => <View key={told.turn} api={api} request={told.request} answer={answer} onChange={onChange} />}
      />
    </LanguageContext.Provider>
  );
}

/** What has been told so far: the answer as pages, or why there is none. Text alone is shown as it is. */
function Shown({ told: { result, failure }, render }: { told: Told; render: (answer: RecallAnswer) => ComponentChild }) {
  if (failure !== undefined || result?.isError) {
    const error = failure === undefined ? faultIn(textOf(result ?? {})) : { code: 'refused', message: failure };
    return (
      <main>
        <Failure error={new ApiError({ error })} />
      </main>
    );
  }
  if (result?.structuredContent) return <>{render(result.structuredContent as unknown as RecallAnswer)}</>;
  return <main>{result ? <p class="plain">{textOf(result)}</p> : <Placeholder />}</main>;
}
