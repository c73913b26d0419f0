import { useLanguage } from '../context.js';

/** A time as its reader writes it; `at` is ISO 8601, of `occurrence` also 2024, 2024-03 or 2024-03-09. */
export function Moment({ at, as = 'instant' }: { at: string; as?: 'instant' | 'day' | 'occurrence' }) {
  const { format } = useLanguage();
  return <time dateTime={at}>{format[as](at)}</time>;
}
