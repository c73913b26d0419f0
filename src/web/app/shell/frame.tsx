import type { ComponentChildren } from 'preact';
import { useEffect, useRef } from 'preact/hooks';
import { Icon } from '../components/icon.js';
import { useLanguage } from '../context.js';
import type { Preferences } from '../preferences.js';
import { useWays } from '../route.js';
import { ScopeSwitch } from './scope-switch.js';
import { Settings } from './settings.js';

const destinations = ['search', 'memories', 'picture', 'insights', 'activity', 'health'] as const;

interface FrameProps {
  /** Changes with the page; its heading then gets the focus. */
  place: string;
  preferences: Preferences;
  signOut: (() => void) | undefined;
  children: ComponentChildren;
}

/** What surrounds every page: the way past it, the choice of a memory, settings, and the other pages. */
export function Frame({ place, preferences, signOut, children }: FrameProps) {
  const { strings } = useLanguage();
  const { route, to } = useWays();
  // A memory lies under the list of them.
  const currentIn = (page: (typeof destinations)[number]) =>
    route.page === page ? 'page' : route.page === 'memory' && page === 'memories' ? 'true' : undefined;
  const content = useRef<HTMLElement>(null);
  const shown = useRef(place);
  const heading = () => content.current?.querySelector<HTMLElement>('h1');

  useEffect(() => {
    document.title = `${strings.pages[route.page]} · ${strings.product}`;
    if (shown.current === place) return;
    shown.current = place;
    scrollTo({ top: 0 });
    heading()?.focus({ preventScroll: true });
  });

  return (
    <div class="frame">
      <button type="button" class="skip" onClick={() => heading()?.focus()}>
        {strings.skip}
      </button>
      <div class="side">
        <header class="top">
          <a class="brand" href={to('search')}>
            {strings.product}
          </a>
          <Settings preferences={preferences} signOut={signOut} />
          <ScopeSwitch />
        </header>
        <nav class="tabs" aria-label={strings.navigation}>
          <ul>
            {destinations.map((page) => (
              <li key={page}>
                <a href={to(page)} aria-current={currentIn(page)}>
                  <Icon name={page} />
                  <span>{strings.pages[page]}</span>
                </a>
              </li>
            ))}
          </ul>
        </nav>
      </div>
      <main class="content" ref={content}>
        {children}
      </main>
    </div>
  );
}
