import { useId, useState } from 'preact/hooks';
import { useLanguage, useSurroundings } from '../context.js';
import { FormDialog } from './form-dialog.js';
import type { AskedOf } from './memory-actions.js';

/** Asks whether a memory is to be forgotten, and why. */
export function ForgetDialog({ id, space, text, onClose, onDone }: AskedOf) {
  const { actions } = useLanguage().strings;
  const { api, announce, spaceRequest } = useSurroundings();
  const [reason, setReason] = useState('');
  const field = useId();

  async function forget(): Promise<void> {
    const given = reason.trim() === '' ? {} : { reason };
    const { forgotten } = await api.call('forget', { ...spaceRequest(space), memory_ids: [id], ...given });
    announce(forgotten.length > 0 ? actions.forgottenNow : actions.notForgotten, { shown: true });
    onDone();
  }

  return (
    <FormDialog title={actions.forgetTitle} submit={actions.forget} work={forget} onClose={onClose}>
      <blockquote>{text}</blockquote>
      <p>{actions.forgetLead}</p>
      <label for={field}>{actions.reason}</label>
      <input id={field} maxLength={2000} value={reason} onInput={({ currentTarget }) => setReason(currentTarget.value)} />
    </FormDialog>
  );
}
