import type { EventName, Kind } from '../core/events.js';
import type { Space } from '../core/ports.js';
import type { Right } from '../core/principal.js';
import type { Stats } from '../core/stats.js';

/**
 * What the dashboard's pages ask of the server, each by POST of a JSON object to /api/NAME: the four tools by their
 * names, with their arguments, answered with the tool's structured content; and what is below. A failure has the
 * status that fits and the body of a `Fault`.
 */
export interface PageApi {
  session: { request: Record<string, never>; answer: SessionAnswer };
  overview: { request: SpaceRequest; answer: Overview };
  activity: { request: { limit?: number; cursor?: string }; answer: Activity };
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
  /** Spaces with a history that the caller may read, its own first, at most 200. */
  spaces: { space: Space; mayWrite: boolean }[];
}

/** A picture of one space: how it grew, and what it is about. */
export interface Overview {
  space: Space;
  /** Live memories, and of which kinds. */
  live: number;
  kinds: Partial<Record<Kind, number>>;
  forgotten: number;
  /** Every month from the first change to now, oldest first, at most the last 120. */
  months: { month: string; added: number; changed: number; forgotten: number }[];
  /** Who or what most live memories are about, most first, at most 50; the subject is absent for those about the user. */
  subjects: { subject?: string; memories: number }[];
  /** What most live memories name, most first, at most 50. */
  entities: { entity: string; memories: number }[];
}

/** What was done with the memories that the caller may read, newest first. */
export interface Activity {
  entries: ActivityEntry[];
  next_cursor?: string;
}

/** One call that read or changed memories. */
export interface ActivityEntry {
  at: string;
  call_id: string;
  space: Space;
  client?: string;
  agent_id?: string;
  run_id?: string;
  /** `read`, or what happened to the memories. */
  did: 'read' | EventName;
  /** At most 20 of them, with their current text as far as it is live. */
  memories: { id: string; memory?: string }[];
  /** All of them. */
  count: number;
}

/** How the server fares. */
export interface Health {
  version: string;
  status: 'well' | 'degraded';
  /** What is wrong, one sentence each, with what would help. */
  problems: string[];
  stats: Stats;
}
