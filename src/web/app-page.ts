import { readFile } from 'node:fs/promises';

/** The page for clients that show pages, as HTML: what the build made of `app/embedded.tsx`, beside the program. */
export function appPage(): Promise<string> {
  return readFile(new URL('web/embedded.html', import.meta.url), 'utf8');
}
