/** Where a Chroma server is and how to speak to it. */
export interface ChromaEndpoint {
  url: string;
  headers?: Record<string, string> | undefined;
  /** Sent as x-chroma-token; makes tenant and database optional where the key names them. */
  apiKey?: string | undefined;
  tenant?: string | undefined;
  database?: string | undefined;
  /** For people: which binding serves, where that is known. */
  about?: string | undefined;
}

/** A Chroma server that an index may use: the shared local one or a remote one. */
export interface ChromaServer {
  /** Resolves once the server answers; starts it first where it is ours to start. */
  endpoint(signal: AbortSignal): Promise<ChromaEndpoint>;
  /** Says that a connection to this endpoint failed, so that the next call of `endpoint` looks anew. */
  failed(endpoint: ChromaEndpoint): void;
  /** Throws all of the server's data away; only where nothing but Keepsake's indexes can be in it. */
  discard?: (signal: AbortSignal) => Promise<void>;
  /** Gives the server up; it is not stopped. */
  close(): Promise<void>;
}

/** Chroma Cloud, for a key without an address. */
const cloud = 'https://api.trychroma.com';

/** A Chroma server, cluster or Chroma Cloud that others run; opening it connects to nothing. */
export function openRemoteChroma({ url = cloud, ...options }: Partial<Omit<ChromaEndpoint, 'about'>>): ChromaServer {
  const endpoint: ChromaEndpoint = { url: url.replace(/\/+$/, ''), ...options };
  return {
    endpoint: () => Promise.resolve(endpoint),
    failed: () => undefined,
    close: () => Promise.resolve(),
  };
}
