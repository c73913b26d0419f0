import type { ImportedMemory } from './item.js';

/** The memories of a plain text: its paragraphs, or its lines where no line is empty. */
export function memoriesInText(text: string, common: Pick<ImportedMemory, 'at'> = {}): ImportedMemory[] {
  const body = text.trim();
  const parts = /\n[^\S\n]*\n/.test(body) ? body.split(/\n(?:[^\S\n]*\n)+/) : body.split('\n');
  return parts.flatMap((part) => (part.trim() === '' ? [] : [{ form: 'memory' as const, text: part.trim(), ...common }]));
}
