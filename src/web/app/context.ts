import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Space } from '../../core/ports.js';
import type { SpaceRequest } from '../api.js';
import type { Api } from './api.js';
import { type Language, languages } from './language.js';

/** What the caller may do with the memories of a space. */
export interface Permissions {
  mayChange(space: Space): boolean;
  mayForget(space: Space): boolean;
}

/** What the components need from whoever shows them; nothing else of their surroundings is used. */
export interface Surroundings {
  api: Api;
  permissions: Permissions;
  /** How a call names a space. */
  spaceRequest(space: Space): SpaceRequest;
  /** Where a memory is shown: an address, or something to do. */
  memoryLink(memory: { id: string; space: Space }): { href: string } | { onClick: () => void };
  /** Tells the person what happened; `shown`: also to those who see. */
  announce(text: string, options?: { shown: boolean }): void;
}

/** The language that the views speak. */
export const LanguageContext = createContext<Language>(languages.en);
/** The language that the views speak. */
export const useLanguage = () => useContext(LanguageContext);

/** The surroundings of the components; to be given by whoever renders them. */
export const SurroundingsContext = createContext<Surroundings | undefined>(undefined);

/** The surroundings of the components. Raises an Error outside of them. */
export function useSurroundings(): Surroundings {
  const surroundings = useContext(SurroundingsContext);
  if (!surroundings) throw new Error('SurroundingsContext is not given');
  return surroundings;
}
