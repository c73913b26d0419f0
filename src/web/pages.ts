import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Page, PageAnswer } from '../transports/http/options.js';

/** Nothing is loaded from elsewhere, nothing in the page runs or styles by itself, and no other page may frame it. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

const headers = {
  // Asked for again each time, and sent again only after an update.
  'Cache-Control': 'no-cache',
  'Content-Security-Policy': contentSecurityPolicy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
};

/** The files of the dashboard beside the program, by path. */
const files = {
  '/': { name: 'index.html', type: 'text/html; charset=utf-8' },
  '/dashboard.js': { name: 'dashboard.js', type: 'text/javascript; charset=utf-8' },
  '/style.css': { name: 'style.css', type: 'text/css; charset=utf-8' },
} as const;

async function read({ name, type }: { name: string; type: string }): Promise<PageAnswer> {
  const body = await readFile(new URL(`web/${name}`, import.meta.url), 'utf8');
  const ETag = `"${createHash('sha256').update(body).digest('base64url')}"`;
  return { status: 200, type, body, headers: { ...headers, ETag } };
}

/** The dashboard's files, open to anybody, since they hold nothing of any memory; each is read once. */
export function createPages(): Readonly<Record<string, Page>> {
  return Object.fromEntries(
    Object.entries(files).map(([path, file]) => {
      let known: PageAnswer | undefined;
      const answer = async () => {
        known ??= await read(file);
        return known;
      };
      return [path, { open: true, answer }];
    }),
  );
}
