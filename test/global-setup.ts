import { build } from '../scripts/build.mjs';

/** Builds dist once for the tests that start the program as its users do. */
export default async function setup(): Promise<void> {
  await build({ keepStale: true });
}
