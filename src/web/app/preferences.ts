import { useEffect, useState } from 'preact/hooks';
import { type LanguageCode, languageFor, languages } from './language.js';

/** Which colours are shown; `auto`: those of the system. */
export const themes = ['auto', 'light', 'dark'] as const;
/** Which colours are shown. */
export type Theme = (typeof themes)[number];

/** How this browser shows the pages. */
export interface Preferences {
  theme: Theme;
  language: LanguageCode;
  setTheme(theme: Theme): void;
  setLanguage(language: LanguageCode): void;
}

const isLanguage = (text: string | null): text is LanguageCode => text !== null && Object.hasOwn(languages, text);

/** The preferences that this browser keeps, put into effect on the page. */
export function usePreferences(): Preferences {
  const [theme, setTheme] = useState(() => themes.find((known) => known === localStorage.getItem('keepsake-theme')) ?? 'auto');
  const [language, setLanguage] = useState(() => {
    const chosen = localStorage.getItem('keepsake-language');
    return isLanguage(chosen) ? chosen : languageFor(navigator.language);
  });
  useEffect(() => {
    localStorage.setItem('keepsake-theme', theme);
    document.documentElement.dataset.theme = theme;
  }, [theme]);
  useEffect(() => {
    document.documentElement.lang = languages[language].locale;
  }, [language]);
  return {
    theme,
    language,
    setTheme,
    setLanguage(chosen) {
      localStorage.setItem('keepsake-language', chosen);
      setLanguage(chosen);
    },
  };
}
