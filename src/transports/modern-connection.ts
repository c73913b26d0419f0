import type { Server } from '@modelcontextprotocol/server';

/** A client of revision 2026-07-28, as a transport serves it. */
export interface ModernConnection {
  /** A server for the client; over HTTP each request has its own. */
  createServer(): Server;
  /** Tells of each change of what a resource says, until the returned function is called. Raises where the client may not read it. */
  watch(uri: string, onChange: () => void): Promise<() => void>;
}
