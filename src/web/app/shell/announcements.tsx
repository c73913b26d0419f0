import { useCallback, useState } from 'preact/hooks';
import type { Surroundings } from '../context.js';

/** What was said last, to those who hear and, of what a person did, also to those who see. */
export interface Said {
  heard: string;
  seen: string;
  /** Where it was said; elsewhere it is not seen any more. */
  place: string;
}

/** Keeps what is to be told; what is seen stays until another page is opened. */
export function useAnnouncements(place: string): { announce: Surroundings['announce']; said: Said } {
  const [said, setSaid] = useState<Said>({ heard: '', seen: '', place });
  const announce = useCallback<Surroundings['announce']>(
    (text, options) => setSaid((before) => ({ ...before, ...(options?.shown ? { seen: text, place } : { heard: text }) })),
    [place],
  );
  return { announce, said: said.place === place ? said : { ...said, seen: '' } };
}

/** Tells what happened without moving the focus. */
export function Announcements({ said: { heard, seen } }: { said: Said }) {
  return (
    <>
      <div class="hidden" role="status">
        {heard}
      </div>
      <div class="toast" role="status">
        {seen}
      </div>
    </>
  );
}
