import { useId, useState } from 'preact/hooks';
import { useLanguage } from '../context.js';
import { type Chosen, isNarrowed, kinds, nothingChosen } from '../list-filters.js';
import { useWays } from '../route.js';
import { useDraft } from '../use-draft.js';

/** Narrows the list; each choice takes effect at once, and is part of the address. */
export function Filters({ chosen }: { chosen: Chosen }) {
  const { strings, format } = useLanguage();
  const { list, search } = strings;
  const { change } = useWays();
  const isHeld = chosen.show === 'held';
  // From then on the person opens and closes it.
  const [wasNarrowed] = useState(() => isNarrowed(chosen));
  const [kind, pinned, hint] = [useId(), useId(), useId()];
  return (
    <section class="filters" aria-label={list.filters}>
      <fieldset class="tabs-of-list">
        <legend class="hidden">{list.show}</legend>
        {(['held', 'forgotten'] as const).map((show) => (
          <label key={show}>
            <input
              type="radio"
              name="show"
              checked={chosen.show === show}
              onChange={() => change({ ...nothingChosen, since: chosen.since, until: chosen.until, agent: chosen.agent, show })}
            />
            <span>{list[show]}</span>
          </label>
        ))}
      </fieldset>
      <details class="filter-box" open={wasNarrowed}>
        <summary>{list.filters}</summary>
        <div class="filter-fields">
          {isHeld ? (
            <>
              <div class="field">
                <label for={kind}>{list.kind}</label>
                <select id={kind} value={chosen.kind ?? ''} onChange={({ currentTarget }) => change({ kind: currentTarget.value })}>
                  <option value="">{list.anyKind}</option>
                  {kinds.map((each) => (
                    <option key={each} value={each}>
                      {strings.kinds[each]}
                    </option>
                  ))}
                </select>
              </div>
              <Field
                label={list.subject}
                value={chosen.subject}
                placeholder={list.subjectHint}
                onChange={(subject) => change({ subject, about: undefined })}
              />
            </>
          ) : (
            <Field label={list.words} value={chosen.words} onChange={(words) => change({ words })} />
          )}
          <Field label={list.agent} value={chosen.agent} onChange={(agent) => change({ agent })} />
          <Field label={list.since} type="date" value={chosen.since} hint={hint} onChange={(since) => change({ since })} />
          <Field label={list.until} type="date" value={chosen.until} hint={hint} onChange={(until) => change({ until })} />
          {isHeld && <Field label={search.asOf} type="date" value={chosen.as_of} onChange={(as_of) => change({ as_of })} />}
          {isHeld && (
            <div class="field check">
              <input
                id={pinned}
                type="checkbox"
                checked={chosen.pinned ?? false}
                onChange={({ currentTarget }) => change({ pinned: currentTarget.checked ? 'yes' : undefined })}
              />
              <label for={pinned}>{list.pinned}</label>
            </div>
          )}
        </div>
        {isHeld && (
          <p class="help" id={hint}>
            {list.timeHint}
          </p>
        )}
        {isNarrowed(chosen) && (
          <p class="chips">
            {chosen.month !== undefined && (
              <Chip label={list.month(format.month(chosen.month))} onRemove={() => change({ month: undefined })} />
            )}
            {chosen.about && <Chip label={list.aboutMe} onRemove={() => change({ about: undefined })} />}
            <button type="button" class="button quiet" onClick={() => change(nothingChosen)}>
              {list.clear}
            </button>
          </p>
        )}
      </details>
    </section>
  );
}

interface FieldProps {
  label: string;
  value: string | undefined;
  type?: 'text' | 'date';
  placeholder?: string;
  /** Id of what explains it. */
  hint?: string;
  onChange: (value: string) => void;
}

function Field({ label, value, type = 'text', placeholder, hint, onChange }: FieldProps) {
  const field = useId();
  // What is being typed outlives the list below it being shown anew.
  const [draft, setDraft] = useDraft(value ?? '');
  return (
    <div class="field">
      <label for={field}>{label}</label>
      <input
        id={field}
        {...(type === 'date' ? { type } : { type })}
        value={draft}
        placeholder={placeholder}
        aria-describedby={hint}
        onInput={({ currentTarget }) => setDraft(currentTarget.value)}
        onChange={({ currentTarget }) => onChange(currentTarget.value.trim())}
      />
    </div>
  );
}

function Chip({ label, onRemove }: { label: string; onRemove: () => void }) {
  const { list } = useLanguage().strings;
  return (
    <span class="chip">
      {label}
      <button type="button" aria-label={`${list.remove}: ${label}`} onClick={onRemove}>
        ×
      </button>
    </span>
  );
}
