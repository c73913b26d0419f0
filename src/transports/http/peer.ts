import type { IncomingHttpHeaders } from 'node:http';
import { KeepsakeError } from '../../core/errors.js';
import type { Principal } from '../../core/principal.js';
import { projectSpace } from '../../core/space.js';
import type { Peer } from './options.js';
import { Refusal } from './refusal.js';

/** Header with the name of the current project, percent-encoded in UTF-8. */
const projectHeader = 'keepsake-project';

/** The name that a header holds. Raises Refusal 400 for what is no project's name. */
function projectName(header: string): string {
  try {
    const name = decodeURIComponent(header).normalize('NFC');
    projectSpace(name);
    return name;
  } catch (error) {
    if (!(error instanceof URIError || error instanceof KeepsakeError)) throw error;
    throw new Refusal(400, "The header Keepsake-Project must hold a project's name, percent-encoded in UTF-8.");
  }
}

/** Who sends a request with these headers. Raises Refusal 400. */
export function peerOf(principal: Principal, headers: IncomingHttpHeaders): Peer {
  const header = headers[projectHeader];
  return typeof header === 'string' && header !== '' ? { principal, project: projectName(header) } : { principal };
}
