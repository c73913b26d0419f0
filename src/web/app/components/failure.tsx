import type { ApiError } from '../api.js';
import { useLanguage } from '../context.js';
import type { Strings } from '../strings.en.js';

/** What a person can do about a failed call. */
function helpFor({ code }: ApiError, { failure }: Strings): string {
  switch (code) {
    case 'unreachable':
      return failure.unreachableHelp;
    case 'rate_limited':
      return failure.rateLimited;
    case 'unauthorized':
    case 'space_refused':
    case 'memory_not_found':
    case 'memory_forgotten':
    case 'memory_erased':
    case 'revision_not_found':
    case 'confirm_invalid':
    case 'cursor_invalid':
    case 'too_large':
    case 'log_unavailable':
    case 'update_needed':
    case 'invalid_argument':
      return failure[code];
    default:
      return failure.other;
  }
}

/** Says that something failed, why, and what to do next; `retry` offers the same again. */
export function Failure({ error, retry }: { error: ApiError; retry?: (() => void) | undefined }) {
  const { strings } = useLanguage();
  return (
    <div class="failure" role="alert">
      <p class="failure-title">{error.code === 'unreachable' ? strings.failure.unreachable : strings.failure.title}</p>
      <p>{helpFor(error, strings)}</p>
      {error.message !== '' && (
        <p class="said" lang="en">
          {error.message}
        </p>
      )}
      {retry && (
        <button type="button" class="button" onClick={retry}>
          {strings.again}
        </button>
      )}
    </div>
  );
}

/** Says which parts of an answer are missing, in the server's words. */
export function Degraded({ notes }: { notes: readonly string[] | undefined }) {
  const { strings } = useLanguage();
  if (!notes?.length) return null;
  return (
    <div class="note">
      <p>{strings.degraded}</p>
      <ul lang="en">
        {notes.map((note) => (
          <li key={note}>{note}</li>
        ))}
      </ul>
    </div>
  );
}
