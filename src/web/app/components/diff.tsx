import { useMemo } from 'preact/hooks';
import { useLanguage } from '../context.js';
import { diffWords } from '../word-diff.js';

/** A text with the words that came and went marked. */
export function Diff({ before, after }: { before: string; after: string }) {
  const { memory } = useLanguage().strings;
  const parts = useMemo(() => diffWords(before, after).map((part, index) => ({ ...part, index })), [before, after]);
  return (
    <p class="diff">
      {parts.map(({ change, text, index }) => {
        switch (change) {
          case 'added':
            return (
              <ins key={index}>
                <span class="hidden">{memory.added} </span>
                {text}
              </ins>
            );
          case 'removed':
            return (
              <del key={index}>
                <span class="hidden">{memory.removed} </span>
                {text}
              </del>
            );
          case 'same':
            return <span key={index}>{text}</span>;
          default:
            return change satisfies never;
        }
      })}
    </p>
  );
}
