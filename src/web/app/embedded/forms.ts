/**
 * Lets forms be submitted where the host's sandbox forbids it (`allow-forms` is none of what a view is promised): what
 * would submit a form asks its listeners instead, who send nothing anywhere by themselves.
 */
export function submitWithoutForms(page: Document): void {
  page.addEventListener('click', (event) => {
    const button = event.target instanceof Element ? event.target.closest('button') : undefined;
    if (button?.type !== 'submit' || !button.form) return;
    event.preventDefault();
    if (button.form.reportValidity()) button.form.dispatchEvent(new SubmitEvent('submit', { bubbles: true, cancelable: true }));
  });
}
