/** How much one server over HTTP bears; times in milliseconds, sizes in bytes. */
export interface HttpLimits {
  /** Of a request's headers to arrive. */
  headerTime: number;
  /** Of a request's body to arrive. */
  bodyTime: number;
  bodySize: number;
  /** Of a client to send the rest of a request that has been refused, so that it sees the answer. */
  linger: number;
  /** Objects and arrays within each other in a body. */
  depth: number;
  connections: number;
  /** Requests of one principal that are under way or open as streams. */
  openRequests: number;
  sessions: number;
  /** Of one principal, unless it speaks for any user. */
  sessionsOfOne: number;
  /** Without a request or an open stream before a session ends. */
  sessionIdle: number;
  /** Between two looks for sessions that are idle. */
  reapEvery: number;
  /** Between two comments on a stream. */
  keepAlive: number;
  /** Between two looks whether the callers of open streams may still listen; a look takes as long again. */
  recheckEvery: number;
  /** Of messages that all sessions together, and one of them, keep for clients that come back. */
  replaySize: number;
  replaySizeOfOne: number;
  /** What a stream may hold that its client has not read. */
  unread: number;
}

const mebibyte = 1024 * 1024;
const minute = 60_000;

/** The usual ones. A body holds 200,000 characters of any script and 3 MiB of attachments, with room for the rest of a call. */
export const usualLimits: HttpLimits = {
  headerTime: 10_000,
  bodyTime: 30_000,
  bodySize: 8 * mebibyte,
  linger: 2000,
  depth: 64,
  connections: 10_000,
  openRequests: 256,
  sessions: 4096,
  sessionsOfOne: 64,
  sessionIdle: 30 * minute,
  reapEvery: minute,
  keepAlive: 15_000,
  // With the second for which a look at the file of tokens is good, a token that was revoked is out within two seconds.
  recheckEvery: 400,
  replaySize: 64 * mebibyte,
  replaySizeOfOne: 2 * mebibyte,
  unread: 16 * mebibyte,
};
