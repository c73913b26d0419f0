import { useId, useState } from 'preact/hooks';
import { useLanguage, useSurroundings } from '../context.js';
import { Dialog } from './dialog.js';
import { Failure } from './failure.js';
import type { AskedOf } from './memory-actions.js';
import { useAction } from './use-action.js';

/** Asks whether a memory is to be forgotten, and why. */
export function ForgetDialog({ id, space, text, onClose, onDone }: AskedOf) {
  const { strings } = useLanguage();
  const { actions } = strings;
  const { api, announce, spaceRequest } = useSurroundings();
  const [reason, setReason] = useState('');
  const { isRunning, error, run } = useAction();
  const field = useId();

  const forget = () =>
    run(async () => {
      const given = reason.trim() === '' ? {} : { reason };
      const { forgotten } = await api.call('forget', { ...spaceRequest(space), memory_ids: [id], ...given });
      announce(forgotten.length > 0 ? actions.forgottenNow : actions.notForgotten, { shown: true });
      onDone();
    });

  return (
    <Dialog title={actions.forgetTitle} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          forget();
        }}
      >
        <blockquote>{text}</blockquote>
        <p>{actions.forgetLead}</p>
        <label for={field}>{actions.reason}</label>
        <input id={field} maxLength={2000} value={reason} onInput={({ currentTarget }) => setReason(currentTarget.value)} />
        {error && <Failure error={error} />}
        <div class="buttons">
          <button type="submit" class="button strong" aria-disabled={isRunning}>
            {actions.forget}
          </button>
          <button type="button" class="button" onClick={onClose}>
            {strings.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
