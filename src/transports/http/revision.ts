import type { IncomingHttpHeaders } from 'node:http';
import { membersOf, revisionKey } from '../message.js';

/** The first revision without sessions. */
const firstModern = '2026-07-28';

/** Whether the header of a request names a revision without sessions. */
export function isModernHeader(headers: IncomingHttpHeaders): boolean {
  const version = headers['mcp-protocol-version'];
  return typeof version === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(version) && version >= firstModern;
}

/** Whether a message belongs to a revision without sessions: by its own words, else by the header. A handshake never does. */
export function isModern(message: unknown, headers: IncomingHttpHeaders): boolean {
  const { method, params } = membersOf(message);
  if (method === 'server/discover' || revisionKey in membersOf(membersOf(params)._meta)) return true;
  return method !== 'initialize' && isModernHeader(headers);
}
