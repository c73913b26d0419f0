import { useMemo, useState } from 'preact/hooks';
import type { SessionAnswer } from '../../api.js';
import type { Api } from '../api.js';
import { Failure } from '../components/failure.js';
import { LanguageContext, type Surroundings, SurroundingsContext } from '../context.js';
import { createHttpApi } from '../http-api.js';
import { languages } from '../language.js';
import { type Preferences, usePreferences } from '../preferences.js';
import { addressOf, useAddress, WaysContext, waysFrom } from '../route.js';
import { readScope, spaceRequest } from '../scope.js';
import { permissionsOf, SessionContext } from '../session.js';
import type { TokenStore } from '../token.js';
import { useLoaded } from '../use-answer.js';
import { Announcements, useAnnouncements } from './announcements.js';
import { Frame } from './frame.js';
import { PageView } from './page-view.js';
import { SignIn } from './sign-in.js';

/** The dashboard. Until the server knows who asks, it asks for a token. */
export function App({ tokens }: { tokens: TokenStore }) {
  const preferences = usePreferences();
  const [missing, setMissing] = useState<'token' | 'valid token'>();
  const [turn, setTurn] = useState(0);
  const api = useMemo(
    () =>
      createHttpApi({
        token: tokens.get,
        onUnauthorized: () => setMissing(tokens.get() === undefined ? 'token' : 'valid token'),
      }),
    [tokens],
  );
  const enter = (token: string | undefined) => {
    tokens.set(token);
    setMissing(undefined);
    setTurn((before) => before + 1);
  };
  const signOut = () => {
    tokens.set(undefined);
    setMissing('token');
  };
  return (
    <LanguageContext.Provider value={languages[preferences.language]}>
      {missing === undefined ? (
        <SignedIn key={turn} api={api} preferences={preferences} signOut={tokens.get() === undefined ? undefined : signOut} />
      ) : (
        <SignIn isRefused={missing === 'valid token'} preferences={preferences} onEnter={enter} />
      )}
    </LanguageContext.Provider>
  );
}

interface SignedInProps {
  api: Api;
  preferences: Preferences;
  signOut: (() => void) | undefined;
}

function SignedIn({ api, preferences, signOut }: SignedInProps) {
  const { answer: session, error, reload } = useLoaded('session', (signal) => api.call('session', {}, signal));
  if (session) return <Pages {...{ api, preferences, signOut, session }} />;
  return <main class="alone">{error && <Failure error={error} retry={reload} />}</main>;
}

function Pages({ api, preferences, signOut, session }: SignedInProps & { session: SessionAnswer }) {
  const address = useAddress();
  const ways = waysFrom(address);
  const scope = readScope(address.params.get('in'), session);
  const place = `${address.page} ${address.id}`;
  const { announce, said } = useAnnouncements(place);
  const chosen = address.params.get('in') ?? undefined;
  const surroundings: Surroundings = useMemo(
    () => ({
      api,
      announce,
      permissions: permissionsOf(session),
      spaceRequest: (space) => spaceRequest(space, session),
      memoryLink: ({ id, space }) => ({ href: addressOf('memory', { of: space, in: chosen }, id) }),
    }),
    [api, announce, session, chosen],
  );
  return (
    <WaysContext.Provider value={ways}>
      <SessionContext.Provider value={{ session, scope }}>
        <SurroundingsContext.Provider value={surroundings}>
          <Frame place={place} preferences={preferences} signOut={signOut}>
            <PageView route={address} />
          </Frame>
          <Announcements said={said} />
        </SurroundingsContext.Provider>
      </SessionContext.Provider>
    </WaysContext.Provider>
  );
}
