import { useState } from 'preact/hooks';
import type { ForgetAnswer } from '../../../core/answers.js';
import { useLanguage, useSurroundings } from '../context.js';
import { Dialog } from './dialog.js';
import { Failure } from './failure.js';
import type { AskedOf } from './memory-actions.js';
import { useAction } from './use-action.js';

/**
 * Erases a memory in two steps: the server prepares it, and only the token of that carries it out. Where the client asks
 * its user itself, the first step is all there is.
 */
export function EraseDialog({ id, space, text, onClose, onDone }: AskedOf) {
  const { strings } = useLanguage();
  const { actions } = strings;
  const { api, announce, spaceRequest } = useSurroundings();
  const [token, setToken] = useState<string>();
  const { isRunning, error, run } = useAction();

  /** Tells what the server did. */
  function tell({ forgotten, same_text }: ForgetAnswer): void {
    const said = forgotten.length > 0 ? actions.erasedNow : actions.notErased;
    announce(same_text?.length ? `${said} ${actions.alsoSaid}` : said, { shown: true });
    onDone();
  }

  const prepare = () =>
    run(async () => {
      const answer = await api.call('forget', { ...spaceRequest(space), memory_ids: [id], erase: true });
      if (answer.confirm_token === undefined) tell(answer);
      else setToken(answer.confirm_token);
    });
  const erase = (confirm: string) => run(async () => tell(await api.call('forget', { ...spaceRequest(space), confirm })));

  return (
    <Dialog title={actions.eraseTitle} onClose={onClose}>
      {text !== '' && <blockquote>{text}</blockquote>}
      <p>{actions.eraseLead}</p>
      <p role="status" class="help">
        {isRunning ? actions.preparing : token === undefined ? '' : actions.eraseStep}
      </p>
      {error && <Failure error={error} />}
      <div class="buttons">
        {token === undefined ? (
          <button type="button" class="button danger" onClick={prepare} aria-disabled={isRunning}>
            {actions.erase}…
          </button>
        ) : (
          <button type="button" class="button danger strong" onClick={() => erase(token)} aria-disabled={isRunning}>
            {actions.eraseConfirm}
          </button>
        )}
        <button type="button" class="button" onClick={onClose}>
          {actions.eraseKeep}
        </button>
      </div>
    </Dialog>
  );
}
