import { useLanguage } from '../context.js';

const rows = [1, 2, 3, 4] as const;

/** Keeps the room of what is being loaded. */
export function Placeholder() {
  const { strings } = useLanguage();
  return (
    <div class="placeholder" role="status">
      <span class="hidden">{strings.loading}</span>
      {rows.map((row) => (
        <div key={row} class="placeholder-row" aria-hidden="true" />
      ))}
    </div>
  );
}
