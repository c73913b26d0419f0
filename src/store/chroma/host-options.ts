import type { ChromaBinding } from './binding.js';

/** What a host process is told, as JSON in its first argument. */
export interface HostOptions {
  /** Chroma's folder of this home: owner file, log and, under data, Chroma's own files. */
  folder: string;
  binding: ChromaBinding;
  /** Seconds without a lease after which the host ends; 0: with the last one. */
  idleSeconds: number;
}

/** How a host process ends: after serving or because another host was first, for a reason that its log's last line gives, or by a fault. */
export const exitCodes = { ended: 0, crashed: 1, refused: 2 };

/** Names in a Chroma folder: Chroma's own files, the host's log, and the mark that the data must be discarded at the next start. */
export const folderNames = { data: 'data', log: 'host.log', discard: 'discard' };
