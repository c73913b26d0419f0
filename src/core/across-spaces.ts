import { atMost } from './at-most.js';

/** Spaces of one call that are worked on at the same time: of thousands each may have to be loaded, and is open meanwhile. */
export const atOnce = 8;

/** Does the same with each of a call's spaces, a few at a time; the answers are in their order. */
export function acrossSpaces<Place, T>(places: readonly Place[], work: (place: Place) => Promise<T>): Promise<T[]> {
  const inTurn = atMost(atOnce);
  return Promise.all(places.map((place) => inTurn(() => work(place))));
}
