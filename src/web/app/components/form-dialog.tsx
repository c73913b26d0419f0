import type { ComponentChildren } from 'preact';
import { useLanguage } from '../context.js';
import { Dialog } from './dialog.js';
import { Failure } from './failure.js';
import { useAction } from './use-action.js';

interface FormDialogProps {
  title: string;
  /** The word on the button that submits. */
  submit: string;
  /** Carries out what was asked; how it failed is said above the buttons. */
  work: () => Promise<void>;
  onClose: () => void;
  /** The fields. */
  children: ComponentChildren;
}

/** A question that is answered by filling in a form. */
export function FormDialog({ title, submit, work, onClose, children }: FormDialogProps) {
  const { strings } = useLanguage();
  const { isRunning, error, run } = useAction();
  return (
    <Dialog title={title} onClose={onClose}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          run(work);
        }}
      >
        {children}
        {error && <Failure error={error} />}
        <div class="buttons">
          <button type="submit" class="button strong" aria-disabled={isRunning}>
            {submit}
          </button>
          <button type="button" class="button" onClick={onClose}>
            {strings.cancel}
          </button>
        </div>
      </form>
    </Dialog>
  );
}
