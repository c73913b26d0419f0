import type { Activity } from '../core/activity.js';
import type { Overview } from '../core/overview.js';
import type { Space } from '../core/ports.js';
import type { Right } from '../core/principal.js';
import type { Stats } from '../core/stats.js';

export type { Activity, ActivityEntry } from '../core/activity.js';
export type { Overview } from '../core/overview.js';

/**
 * What the dashboard's pages ask of the server, each by POST of a JSON object to /api/NAME: the four tools by their
 * names, with their arguments, answered with the tool's structured content; and what is below. A failure has the
 * status that fits and the body of a `Fault`.
 */
export interface PageApi {
  session: { request: Record<string, never>; answer: SessionAnswer };
  overview: { request: SpaceRequest; answer: Overview };
  /** `looking`: also what people looked at on pages such as these. */
  activity: { request: { limit?: number; cursor?: string; looking?: boolean }; answer: Activity };
  health: { request: Record<string, never>; answer: Health };
}

/** Whose memory is meant, in the words of the tools; neither: the caller's own. */
export interface SpaceRequest {
  user_id?: string;
  project?: string;
}

/** Why a request failed; codes as those of the tools, besides `unauthorized` and `rate_limited`. */
export interface Fault {
  error: { code: string; message: string };
}

/** Who is looking, and at what. */
export interface SessionAnswer {
  version: string;
  /** Undefined for a caller that speaks for any user: requests then name one. */
  user?: string;
  rights: Right[];
  /** Name of the current project, if there is one. */
  project?: string;
  /**
   * Spaces that the caller may read, at most 200: its own and the current project's first, whether they have a history
   * yet or not, then the others that have one. None without the right memory:read.
   */
  spaces: { space: Space; mayWrite: boolean }[];
}

/** How the server fares. */
export interface Health {
  version: string;
  status: 'well' | 'degraded';
  /** What is wrong, one sentence each, with what would help. */
  problems: string[];
  stats: Stats;
}
