import type { ForgetAnswer } from '../../../core/answers.js';
import { useLanguage, useSurroundings } from '../context.js';
import { Dialog } from './dialog.js';
import { Failure } from './failure.js';
import type { AskedOf } from './memory-actions.js';
import { useAction } from './use-action.js';

/**
 * Asks whether a memory is to be erased. The server prepares it first, and only the token of that carries it out; where
 * the client asks its user itself, there is no token, and nothing more to do.
 */
export function EraseDialog({ id, space, text, onClose, onDone }: AskedOf) {
  const { strings } = useLanguage();
  const { actions } = strings;
  const { api, announce, spaceRequest } = useSurroundings();
  const { isRunning, error, run } = useAction();

  /** Tells what the server did. */
  function tell({ forgotten, same_text }: ForgetAnswer): void {
    const said = forgotten.length > 0 ? actions.erasedNow : actions.notErased;
    announce(same_text?.length ? `${said} ${actions.alsoSaid}` : said, { shown: true });
    onDone();
  }

  const erase = () =>
    run(async () => {
      const request = spaceRequest(space);
      const prepared = await api.call('forget', { ...request, memory_ids: [id], erase: true });
      const { confirm_token: confirm } = prepared;
      tell(confirm === undefined ? prepared : await api.call('forget', { ...request, confirm }));
    });

  return (
    <Dialog title={actions.eraseTitle} onClose={onClose}>
      {text !== '' && <blockquote>{text}</blockquote>}
      <p>{actions.eraseLead}</p>
      <p role="status" class="help">
        {isRunning && actions.erasing}
      </p>
      {error && <Failure error={error} />}
      <div class="buttons">
        <button type="button" class="button danger strong" onClick={erase} aria-disabled={isRunning}>
          {actions.eraseConfirm}
        </button>
        <button type="button" class="button" onClick={onClose}>
          {actions.eraseKeep}
        </button>
      </div>
    </Dialog>
  );
}
