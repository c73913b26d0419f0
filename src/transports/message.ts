/** The member of a request's `_meta` that names its revision, from 2026-07-28 on. */
export const revisionKey = 'io.modelcontextprotocol/protocolVersion';

/** Whether a value is an object of JSON. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The members of an object of JSON; none of anything else. */
export function membersOf(value: unknown): Record<string, unknown> {
  return isObject(value) ? value : {};
}
