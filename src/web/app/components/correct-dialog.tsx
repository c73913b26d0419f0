import { useId, useState } from 'preact/hooks';
import { useLanguage, useSurroundings } from '../context.js';
import { FormDialog } from './form-dialog.js';
import type { AskedOf } from './memory-actions.js';

/** Asks for the right words, and puts them in the place of those that are there. */
export function CorrectDialog({ id, space, text, onClose, onDone }: AskedOf) {
  const { actions } = useLanguage().strings;
  const { api, announce, spaceRequest } = useSurroundings();
  const [content, setContent] = useState(text);
  const field = useId();

  async function save(): Promise<void> {
    const { results, skipped } = await api.call('remember', { ...spaceRequest(space), memory_id: id, content });
    const own = results.find((result) => result.id === id);
    const said = own?.event === 'UPDATE' ? actions.corrected : own?.event === 'DELETE' ? actions.correctedInto : actions.unchanged;
    announce([said, ...skipped.map(({ reason }) => reason)].join(' '), { shown: true });
    onDone();
  }

  return (
    <FormDialog title={actions.correctTitle} submit={actions.save} work={save} onClose={onClose}>
      <label for={field}>{actions.correctLabel}</label>
      <textarea id={field} rows={5} required value={content} onInput={({ currentTarget }) => setContent(currentTarget.value)} />
      <p class="help">{actions.correctHint}</p>
    </FormDialog>
  );
}
