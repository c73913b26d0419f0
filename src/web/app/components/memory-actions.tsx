import { useLayoutEffect, useRef, useState } from 'preact/hooks';
import type { Space } from '../../../core/ports.js';
import { useLanguage, useSurroundings } from '../context.js';
import type { Standing } from '../memory-life.js';
import { CorrectDialog } from './correct-dialog.js';
import { EraseDialog } from './erase-dialog.js';
import { Failure } from './failure.js';
import { ForgetDialog } from './forget-dialog.js';
import { useAction } from './use-action.js';

/** What a dialog about one memory is given. */
export interface AskedOf {
  id: string;
  space: Space;
  /** Its present, or last, words. */
  text: string;
  onClose: () => void;
  /** Called once something has changed. */
  onDone: () => void;
}

interface MemoryActionsProps {
  id: string;
  space: Space;
  standing: Standing;
  pinned: boolean;
  /** Called once something has changed. */
  onChange: () => void;
  /** Brings a revision back. */
  onRestore: (revision: number) => void;
}

/** What can be done with a memory, as far as the caller may; what it may not is said. */
export function MemoryActions({ id, space, standing, pinned, onChange, onRestore }: MemoryActionsProps) {
  const { strings } = useLanguage();
  const { actions, rights } = strings;
  const { api, announce, permissions, spaceRequest } = useSurroundings();
  const [asking, setAsking] = useState<'correct' | 'forget' | 'erase'>();
  const opener = useRef<HTMLButtonElement>(undefined);
  const { isRunning, error, run } = useAction();
  // What is disabled while a question is open can take the focus back only afterwards.
  useLayoutEffect(() => {
    if (asking === undefined) opener.current?.focus();
  }, [asking]);
  const mayChange = permissions.mayChange(space);
  const mayForget = permissions.mayForget(space);
  const isLive = standing.status === 'live';
  if (standing.status === 'erased') return null;

  const pin = () =>
    run(async () => {
      await api.call('remember', { ...spaceRequest(space), memory_id: id, pinned: !pinned });
      announce(pinned ? actions.unpinnedNow : actions.pinnedNow, { shown: true });
      onChange();
    });
  const ask = (question: typeof asking) => ({
    onClick({ currentTarget }: { currentTarget: HTMLButtonElement }) {
      opener.current = currentTarget;
      setAsking(question);
    },
  });
  const asked: AskedOf = {
    id,
    space,
    text: standing.text,
    onClose: () => setAsking(undefined),
    onDone() {
      // Who cancelled what was under way may have opened another one since.
      setAsking((now) => (now === asking ? undefined : now));
      onChange();
    },
  };

  return (
    <>
      {(mayChange || mayForget) && (
        <fieldset class="buttons" aria-label={actions.label} disabled={asking !== undefined}>
          {mayChange && !isLive && (
            <button type="button" class="button strong" onClick={() => onRestore(standing.revision)}>
              {actions.restore}
            </button>
          )}
          {mayChange && isLive && (
            <>
              <button type="button" class="button strong" {...ask('correct')}>
                {actions.correct}
              </button>
              <button type="button" class="button" onClick={pin} aria-disabled={isRunning}>
                {pinned ? actions.unpin : actions.pin}
              </button>
            </>
          )}
          {mayForget && isLive && (
            <button type="button" class="button" {...ask('forget')}>
              {actions.forget}
            </button>
          )}
          {mayForget && (
            <button type="button" class="button danger" {...ask('erase')}>
              {actions.erase}…
            </button>
          )}
        </fieldset>
      )}
      {!(mayChange && mayForget) && (
        <p class="note">{mayChange ? rights.mayNotForget : mayForget ? rights.mayNotChange : rights.mayNeither}</p>
      )}
      {error && <Failure error={error} />}
      {asking === 'correct' && <CorrectDialog {...asked} />}
      {asking === 'forget' && <ForgetDialog {...asked} />}
      {asking === 'erase' && <EraseDialog {...asked} />}
    </>
  );
}
