import { useLanguage } from '../context.js';

/** What to do first, where nothing is remembered yet. */
export function Newcomer() {
  const { newcomer } = useLanguage().strings;
  return (
    <section class="empty">
      <h2 class="empty-title">{newcomer.title}</h2>
      <p>{newcomer.lead}</p>
      <ol class="steps">
        {newcomer.steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <p>{newcomer.command}</p>
      <p>
        <code>{newcomer.example}</code>
      </p>
    </section>
  );
}
