import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { useLanguage } from '../context.js';
import type { Preferences } from '../preferences.js';
import { Settings } from './settings.js';

interface SignInProps {
  /** Whether the server has refused the token that was given. */
  isRefused: boolean;
  preferences: Preferences;
  onEnter: (token: string) => void;
}

/** Asks for the token that the server wants. */
export function SignIn({ isRefused, preferences, onEnter }: SignInProps) {
  const { strings } = useLanguage();
  const { token: words } = strings;
  const [token, setToken] = useState('');
  const [problem, setProblem] = useState(isRefused ? words.refused : '');
  const input = useRef<HTMLInputElement>(null);
  const [field, help] = [useId(), useId()];
  useEffect(() => {
    document.title = `${words.title} · ${strings.product}`;
    input.current?.focus();
  }, [words, strings]);

  return (
    <main class="alone">
      <div class="top">
        <p class="brand">{strings.product}</p>
        <Settings preferences={preferences} signOut={undefined} />
      </div>
      <h1>{words.title}</h1>
      <p>{words.lead}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (token.trim() === '') return setProblem(words.empty);
          onEnter(token.trim());
        }}
      >
        <label for={field}>{words.label}</label>
        <input
          id={field}
          ref={input}
          type="password"
          autoComplete="off"
          value={token}
          aria-describedby={help}
          aria-invalid={problem !== ''}
          onInput={({ currentTarget }) => setToken(currentTarget.value)}
        />
        {problem !== '' && (
          <p class="problem" role="alert">
            {problem}
          </p>
        )}
        <div class="buttons">
          <button type="submit" class="button strong">
            {words.enter}
          </button>
        </div>
      </form>
      <p class="help" id={help}>
        {words.hint}
      </p>
    </main>
  );
}
