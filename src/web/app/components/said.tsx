import { useLanguage } from '../context.js';
import { reasonIn } from '../reasons.js';

/**
 * Words that the server, a client or a person gave as a reason: what the program itself says is translated; all else
 * that it or a model says is English, whatever the page speaks.
 */
export function Said({ words }: { words: string }) {
  const { reasons } = useLanguage().strings;
  const translated = reasonIn(reasons, words);
  if (translated !== undefined) return <span>{translated}</span>;
  return <span lang={/^[\x20-\x7e]*$/.test(words) ? 'en' : undefined}>{words}</span>;
}
