import type { ComponentChildren } from 'preact';

/** Where there is nothing to show: what that means, and what to do next. */
export function Empty({ title, help, children }: { title: string; help: string; children?: ComponentChildren }) {
  return (
    <div class="empty">
      <p class="empty-title">{title}</p>
      <p>{help}</p>
      {children}
    </div>
  );
}
