import { memoriesView } from '../tools/recall.js';

const mimeType = 'text/html;profile=mcp-app';

/** What this server says it can do of the extension MCP Apps, revision 2026-01-26: the value of `capabilities.extensions`. */
export const appExtension = { 'io.modelcontextprotocol/ui': { mimeTypes: [mimeType] } };

/** How the page is to be shown: it brings no frame of its own. Naming no domains, it may reach none. */
const pageMeta = { ui: { prefersBorder: true } };

/** What resources/list says of the page that shows recall's answers in clients that have a place for it. */
export const appView = {
  uri: memoriesView,
  name: 'memories',
  title: 'Memories',
  description: "A page that shows recall's answers: each memory with its history, to correct, pin, forget and restore.",
  mimeType,
  _meta: pageMeta,
};

/** What tools/list adds to a tool whose answers a page can show; the second name is that of older clients. */
export function viewMeta(uri: string) {
  return { ui: { resourceUri: uri }, 'ui/resourceUri': uri };
}
