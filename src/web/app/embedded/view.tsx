import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { RecallAnswer } from '../../../core/answers.js';
import type { Space } from '../../../core/ports.js';
import type { Api, RecallRequest } from '../api.js';
import { Icon } from '../components/icon.js';
import { MemoryView } from '../components/memory-view.js';
import { type Surroundings, SurroundingsContext, useLanguage } from '../context.js';
import { spaceRequest } from '../scope.js';
import { answeredOnce, tellingOfChanges } from './host-api.js';
import { RecalledList } from './recalled-list.js';

interface ViewProps {
  api: Api;
  /** What recall was asked, and what it answered. */
  request: RecallRequest;
  answer: RecallAnswer;
  /** Told of each memory that the person changed. */
  onChange: (id: string) => void;
}

interface Opened {
  id: string;
  space: Space;
}

/** The answer of one recall: its memories, and one of them with all that happened to it. */
export function View({ api, request, answer, onChange }: ViewProps) {
  const { strings } = useLanguage();
  const [opened, setOpened] = useState<Opened>();
  const [said, setSaid] = useState<{ text: string; shown: boolean }>({ text: '', shown: false });
  const [changes, setChanges] = useState(0);
  const opener = useRef<Element | null>(null);
  const back = useRef<HTMLButtonElement>(null);

  useEffect(() => {
    if (opened) back.current?.focus();
    else if (opener.current instanceof HTMLElement) opener.current.focus();
  }, [opened]);

  const surroundings = useMemo<Surroundings>(() => {
    const user = request.user_id;
    // Who asks for a named user may be one who speaks for any; every call then names that user.
    const session = user === undefined ? { user: '', spaces: [] } : { spaces: [{ space: `user:${user}` as const, mayWrite: true }] };
    return {
      api: tellingOfChanges(answeredOnce(api, { request, answer }), (id) => {
        setChanges((before) => before + 1);
        onChange(id);
      }),
      // The server decides; what it refuses, it says.
      permissions: { mayChange: () => true, mayForget: () => true },
      spaceRequest: (space) => spaceRequest(space, session),
      memoryLink: (memory) => ({
        onClick() {
          opener.current = document.activeElement;
          setOpened(memory);
        },
      }),
      announce: (text, { shown } = { shown: false }) => setSaid({ text, shown }),
    };
  }, [api, request, answer, onChange]);

  function close(): void {
    setSaid({ text: '', shown: false });
    setOpened(undefined);
  }

  return (
    <SurroundingsContext.Provider value={surroundings}>
      <main>
        <h1 class="hidden">{opened ? strings.pages.memory : strings.list.title}</h1>
        {opened && (
          <button type="button" class="button quiet" ref={back} onClick={close}>
            <Icon name="back" />
            {strings.back}
          </button>
        )}
        <p role="status" class={said.shown ? 'note' : 'hidden'}>
          {said.text}
        </p>
        {opened && <MemoryView key={opened.id} {...opened} />}
        <div hidden={opened !== undefined}>
          <RecalledList request={request} changes={opened ? 0 : changes} />
        </div>
      </main>
    </SurroundingsContext.Provider>
  );
}
