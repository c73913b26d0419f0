/** What a URI of this server names. */
export type ResourceName = { kind: 'profile' | 'recent' | 'stats' } | { kind: 'memory' | 'history'; id: string };

/** Characters of a URI, longer ones name nothing. */
const longestUri = 1000;

/** URIs of the resources that there is one of each. */
export const fixedUris = { profile: 'keepsake://profile', recent: 'keepsake://recent', stats: 'keepsake://stats' } as const;
/** RFC 6570 templates of the resources of a memory. */
export const templateUris = { memory: 'keepsake://memory/{id}', history: 'keepsake://memory/{id}/history' } as const;

/** The URI of a memory. */
export function memoryUri(id: string): string {
  return `keepsake://memory/${encodeURIComponent(id.toWellFormed())}`;
}

/** What a URI names; undefined where it is none of this server's. */
export function readUri(uri: string): ResourceName | undefined {
  if (uri.length > longestUri) return undefined;
  for (const kind of ['profile', 'recent', 'stats'] as const) if (uri === fixedUris[kind]) return { kind };
  const [, encoded, history] = /^keepsake:\/\/memory\/([^/?#]+)(\/history)?$/.exec(uri) ?? [];
  const id = encoded === undefined ? undefined : decoded(encoded);
  return id === undefined ? undefined : { kind: history ? 'history' : 'memory', id };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}
