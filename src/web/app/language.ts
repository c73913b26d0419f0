import { createFormat, type Format } from './format.js';
import { strings as english, type Strings } from './strings.en.js';
import { strings as chinese } from './strings.zh.js';

/** The languages that the views speak, by their code. */
export type LanguageCode = 'en' | 'zh';

/** All that differs between languages. */
export interface Language {
  code: LanguageCode;
  /** For the page's lang attribute and for Intl. */
  locale: string;
  strings: Strings;
  format: Format;
}

/** Every language. */
export const languages: Record<LanguageCode, Language> = {
  en: { code: 'en', locale: 'en', strings: english, format: createFormat('en') },
  zh: { code: 'zh', locale: 'zh-CN', strings: chinese, format: createFormat('zh-CN') },
};

/** The language for a locale such as `zh-TW` or `de-DE`; English where it is none of ours. */
export const languageFor = (locale: string): LanguageCode => (/^zh\b/i.test(locale) ? 'zh' : 'en');
