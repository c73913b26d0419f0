import { useLanguage } from '../context.js';
import { useWays } from '../route.js';

/** Where an address names no page. */
export function MissingPage() {
  const { strings } = useLanguage();
  const { to } = useWays();
  return (
    <>
      <h1 tabIndex={-1}>{strings.pages.missing}</h1>
      <p class="lead">{strings.missing}</p>
      <p>
        <a href={to('search')}>{strings.pages.search}</a>
      </p>
    </>
  );
}
