import { useId, useRef } from 'preact/hooks';
import { Icon } from '../components/icon.js';
import { useLanguage } from '../context.js';
import type { Preferences } from '../preferences.js';
import { themes } from '../preferences.js';

/** How the pages look and speak, and the way out. */
export function Settings({ preferences, signOut }: { preferences: Preferences; signOut: (() => void) | undefined }) {
  const { settings } = useLanguage().strings;
  const { theme, language, setTheme, setLanguage } = preferences;
  const box = useRef<HTMLDetailsElement>(null);
  const [themeField, languageField] = [useId(), useId()];

  function close({ key }: KeyboardEvent): void {
    if (key !== 'Escape' || !box.current?.open) return;
    box.current.open = false;
    box.current.querySelector('summary')?.focus();
  }

  return (
    <details class="settings" ref={box} onKeyDown={close}>
      <summary aria-label={settings.label} title={settings.label}>
        <Icon name="settings" />
      </summary>
      <div class="settings-box">
        <label for={themeField}>{settings.theme}</label>
        <select id={themeField} value={theme} onChange={({ currentTarget }) => setTheme(themes[currentTarget.selectedIndex] ?? 'auto')}>
          {themes.map((each) => (
            <option key={each} value={each}>
              {settings.themes[each]}
            </option>
          ))}
        </select>
        <label for={languageField}>{settings.language}</label>
        <select
          id={languageField}
          value={language}
          onChange={({ currentTarget }) => setLanguage(currentTarget.value === 'zh' ? 'zh' : 'en')}
        >
          <option value="en" lang="en">
            English
          </option>
          <option value="zh" lang="zh-CN">
            简体中文
          </option>
        </select>
        {signOut && (
          <button type="button" class="button" onClick={signOut}>
            {settings.signOut}
          </button>
        )}
      </div>
    </details>
  );
}
