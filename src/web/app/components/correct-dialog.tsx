import { useId, useState } from 'preact/hooks';
import { useLanguage, useSurroundings } from '../context.js';
import { Dialog } from './dialog.js';
import { Failure } from './failure.js';
import type { AskedOf } from './memory-actions.js';
import { useAction } from './use-action.js';

/** Asks for the right words, and puts them in the place of those that are there. */
export function CorrectDialog({ id, space, text, onClose, onDone }: AskedOf) {
  const { strings } = useLanguage();
  const { actions } = strings;
  const { api, announce, spaceRequest } = useSurroundings();
  const [content, setContent] = useState(text);
  const { isRunning, error, run } = useAction();
  const field = useId();

  const save = () =>
    run(async () => {
      const { results, skipped } = await api.call('remember', { ...spaceRequest(space), memory_id: id, content });
      const own = results.find((result) => result.id === id);
      const said = own?.event === 'UPDATE' ? actions.corrected : own?.event === 'DELETE' ? actions.correctedInto : actions.unchanged;
      announce([said, ...skipped.map(({ reason }) => reason)].join(' '), { shown: true });
      onDone();
    });

  return (
    <Dialog title={actions.correctTitle} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          save();
        }}
      >
        <label for={field}>{actions.correctLabel}</label>
        <textarea id={field} rows={5} required value={content} onInput={({ currentTarget }) => setContent(currentTarget.value)} />
        <p class="help">{actions.correctHint}</p>
        {error && <Failure error={error} />}
        <div class="buttons">
          <button type="submit" class="button strong" aria-disabled={isRunning}>
            {actions.save}
          </button>
          <button type="button" class="button" onClick={onClose}>
            {strings.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
