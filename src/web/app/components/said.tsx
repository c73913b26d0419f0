/** Words that the server, a client or a person gave as a reason: the server's are English, whatever the page speaks. */
export function Said({ words }: { words: string }) {
  return <span lang={/^[\x20-\x7e]*$/.test(words) ? 'en' : undefined}>{words}</span>;
}
