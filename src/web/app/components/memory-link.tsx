import type { ComponentChildren } from 'preact';
import type { Space } from '../../../core/ports.js';
import { useSurroundings } from '../context.js';

/** Leads to a memory. */
export function MemoryLink({ id, space, children }: { id: string; space: string; children: ComponentChildren }) {
  const { memoryLink } = useSurroundings();
  const way = memoryLink({ id, space: space as Space });
  if ('href' in way)
    return (
      <a class="memory-text" href={way.href}>
        {children}
      </a>
    );
  return (
    <button type="button" class="memory-text" onClick={way.onClick}>
      {children}
    </button>
  );
}
