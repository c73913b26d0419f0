import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callerOf } from '../support/caller.js';
import { connect, type TestClient } from '../support/clients.js';
import { temporaryHome } from '../support/home.js';
import { program, quietEnvironment } from '../support/server.js';
import { appPageText, exchangeOf, openServiceHome, type ServiceHome } from './service-home.js';

const uri = 'ui://keepsake/memories.html';
const mimeType = 'text/html;profile=mcp-app';

/** What the client of either line gives of a resource that was read. */
interface Page {
  uri: string;
  mimeType: string;
  text: string;
  _meta: object;
}

describe.each(['SDK 1.x', 'SDK 2.x', 'SDK 2.x pinned'] as const)('to a client of %s', (sdk) => {
  let client: TestClient;

  beforeAll(async () => {
    const env = { ...quietEnvironment, KEEPSAKE_HOME: await temporaryHome() };
    client = await connect({ over: 'stdio', args: [program], env }, sdk);
  });

  afterAll(() => client.stop());

  it('the extension is announced with the type of page that there is', () => {
    expect(client.getServerCapabilities()).toMatchObject({ extensions: { 'io.modelcontextprotocol/ui': { mimeTypes: [mimeType] } } });
  });

  it('recall, and no other tool, names its page, in the present form and in that of older hosts', async () => {
    const { tools } = await client.listTools();
    const named = tools.filter((tool) => '_meta' in tool);
    expect(named).toMatchObject([{ name: 'recall', _meta: { ui: { resourceUri: uri }, 'ui/resourceUri': uri } }]);
  });

  it('the page is listed, and read as one that asks for a frame, for no other domain and for no permission', async () => {
    const { resources } = await client.listResources();
    expect(resources).toContainEqual(expect.objectContaining({ uri, mimeType, _meta: { ui: { prefersBorder: true } } }));
    const [page] = (await client.readResource({ uri })).contents as Page[];
    expect(page).toMatchObject({ uri, mimeType, _meta: { ui: { prefersBorder: true } } });
  });

  it('the page holds all that it needs: it loads nothing, and its script ends where it should', async () => {
    const [page] = (await client.readResource({ uri })).contents as Page[];
    const { text = '' } = page ?? {};
    expect(text).toMatch(/^<!doctype html>/);
    expect(text.match(/<\/script/gi)).toHaveLength(1);
    expect(text.match(/<\/style/gi)).toHaveLength(1);
    const [markup = ''] = text.split('<style>');
    expect(`${markup}${text.split('</style>')[1]?.split('<script>')[0]}`).not.toMatch(/src=|href=/);
    const [, style = ''] = /<style>(.*)<\/style>/s.exec(text) ?? [];
    expect(style).not.toMatch(/@import|url\((?!['"]?data:)/);
    expect(Buffer.byteLength(text)).toBeLessThan(200_000);
  });

  it('the answer of recall is complete as text where no page is shown', async () => {
    const { structured } = await client.call('remember', { content: 'Ana keeps bees.', infer: false });
    const { text } = await client.call('recall', { query: 'bees' });
    expect(text).toContain('Ana keeps bees.');
    expect(text).toContain(structured.results[0]?.id);
  });

  it('watching the page, which does not change, is not refused', async () => {
    const stop = await client.watch(uri, () => undefined);
    await stop();
  });
});

describe('the page', () => {
  let home: ServiceHome;
  beforeAll(async () => {
    home = await openServiceHome();
  });

  it('is there for a caller that speaks for any user, too', async () => {
    const agent = callerOf('agent', { user: undefined, anyUser: true });
    expect(await home.service.readResource(uri, exchangeOf(agent))).toMatchObject({ uri, text: appPageText });
  });
});
