import type { HostContext } from './host.js';

/** Which colours and fonts of a host stand for ours. */
const ours: Record<string, readonly string[]> = {
  '--color-background-primary': ['--ground', '--surface'],
  '--color-background-secondary': ['--sunken'],
  '--color-text-primary': ['--ink'],
  '--color-text-secondary': ['--ink-soft'],
  '--color-border-primary': ['--line'],
  '--font-sans': ['--sans'],
};

/** Makes the page look and read as the host does: its colours and font, light or dark, and the language of the page. */
export function applyContext(root: HTMLElement, { theme, locale, styles: { variables = {} } = {} }: HostContext): void {
  if (theme !== undefined) root.dataset.theme = theme;
  if (locale !== undefined) root.lang = locale;
  // A ground without the ink that belongs on it could make the page unreadable.
  if (!variables['--color-background-primary'] || !variables['--color-text-primary']) return;
  for (const [theirs, names] of Object.entries(ours)) for (const name of names) root.style.setProperty(name, variables[theirs] ?? null);
}

/** Tells the size of the page in pixels, now and whenever it changes, until the returned function is called. */
export function followSize(tell: (size: { width: number; height: number }) => void): () => void {
  let last = -1;
  const observer = new ResizeObserver(() => {
    const height = Math.ceil(document.body.getBoundingClientRect().height);
    // A host that follows the size would otherwise be told of its own doing.
    if (height === last) return;
    last = height;
    tell({ width: window.innerWidth, height });
  });
  observer.observe(document.body);
  return () => observer.disconnect();
}
