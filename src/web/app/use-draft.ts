import { useLayoutEffect, useState } from 'preact/hooks';

/** What is being typed in a field over the value that the address says; it follows that value whenever it changes. */
export function useDraft(value: string): [draft: string, setDraft: (draft: string) => void] {
  const [draft, setDraft] = useState(value);
  // Before the next key is heard: later, what that key wrote would be undone.
  useLayoutEffect(() => setDraft(value), [value]);
  return [draft, setDraft];
}
