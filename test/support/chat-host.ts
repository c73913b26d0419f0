import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Frame, Page } from 'playwright-core';
import { openPage } from './browser.js';

/** What the host says of itself; all of it may be left out. */
export interface ChatHostOptions {
  context?: Record<string, unknown>;
  /** What the iframe may do; else scripts alone. */
  sandbox?: string;
  /** Refuses what the view calls, as a user would who does not allow it. */
  refuse?: boolean;
  /** What the view is told in place of what the server answered. */
  result?: Record<string, unknown>;
  /** Ends the telling where the result would come. */
  cancelled?: string;
  width?: number;
}

/** A message between host and view. */
export interface HostMessage {
  id?: number;
  method?: string;
  params?: Record<string, unknown>;
  result?: Record<string, unknown>;
}

/** A chat client in a browser that shows the page of a tool in its conversation. */
export interface ChatHost {
  page: Page;
  /** The view. */
  view: Frame;
  /** What the view has sent so far. */
  sent: HostMessage[];
  /** Sends the view a notification. */
  tell(method: string, params: object): Promise<void>;
  /** Sends the view a request, and gives its answer. */
  ask(method: string, params?: object): Promise<HostMessage>;
  /** What went wrong on the page, and what its policy refused. */
  faults: string[];
  close(): Promise<void>;
}

/** What a host allows a page that names no domains. */
const strictPolicy =
  "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; media-src 'self' data:; connect-src 'none'";

/** The host's side: it passes messages on, makes the iframe as high as the view asks, and answers what the test gives it. */
const hostPage = (sandbox: string) => `<!doctype html><html lang="en"><title>Chat</title><body style="margin:0">
<iframe title="Memories" sandbox="${sandbox}" style="border:0;width:100%;height:100px" src="https://view.test/"></iframe>
<script>
const frame = document.querySelector('iframe');
const say = (message) => frame.contentWindow.postMessage({ jsonrpc: '2.0', ...message }, '*');
const asked = new Map();
window.ask = (method, params) => new Promise((resolve) => {
  const id = 'host-' + asked.size;
  asked.set(id, resolve);
  say({ id, method, params });
});
window.tell = (method, params) => say({ method, params });
addEventListener('message', async ({ source, data }) => {
  if (source !== frame.contentWindow) return;
  if (data.method === undefined) return asked.get(data.id)?.(data);
  if (data.method === 'ui/notifications/size-changed') frame.style.height = data.params.height + 'px';
  const answer = await window.heard(data);
  if (data.id !== undefined) say({ id: data.id, ...answer });
});
</script></body></html>`;

/**
 * Calls a tool for a conversation, shows its page in a sandboxed frame without a network, and tells it what was asked and
 * answered, as the protocol of 2026-01-26 has it.
 */
export async function showInChat(
  client: Client,
  call: { name: string; arguments: Record<string, unknown> },
  options: ChatHostOptions = {},
): Promise<ChatHost> {
  const { tools } = await client.listTools();
  const uri = (tools.find(({ name }) => name === call.name)?._meta?.ui as { resourceUri?: string } | undefined)?.resourceUri ?? '';
  const { contents } = await client.readResource({ uri });
  const html = (contents[0] as { text: string }).text;
  const { page, faults } = await openPage({ viewport: { width: options.width ?? 720, height: 900 } });
  const sent: HostMessage[] = [];
  await page.route('**/*', (route) => {
    const { hostname } = new URL(route.request().url());
    if (hostname === 'chat.test') return route.fulfill({ contentType: 'text/html', body: hostPage(options.sandbox ?? 'allow-scripts') });
    if (hostname === 'view.test')
      return route.fulfill({ contentType: 'text/html', body: html, headers: { 'Content-Security-Policy': strictPolicy } });
    return route.abort();
  });
  let told: Promise<void> | undefined;
  const inPage = (name: 'tell' | 'ask', method: string, params: object) =>
    page.evaluate<HostMessage>(`${name}(${JSON.stringify(method)}, ${JSON.stringify(params)})`);
  const tell: ChatHost['tell'] = async (method, params) => void (await inPage('tell', method, params));

  async function tellOfCall(): Promise<void> {
    await tell('ui/notifications/tool-input', { arguments: call.arguments });
    if (options.cancelled !== undefined) return tell('ui/notifications/tool-cancelled', { reason: options.cancelled });
    await tell('ui/notifications/tool-result', options.result ?? (await client.callTool(call)));
  }

  /** What the host answers to a message of the view. */
  async function heard(message: HostMessage): Promise<object> {
    sent.push(message);
    switch (message.method) {
      case 'ui/initialize':
        return {
          result: {
            protocolVersion: '2026-01-26',
            hostInfo: { name: 'chat', version: '1' },
            hostCapabilities: { serverTools: {} },
            hostContext: options.context ?? {},
          },
        };
      case 'ui/notifications/initialized':
        // Not awaited: the page that would be evaluated in waits for this answer.
        told = tellOfCall();
        return {};
      case 'tools/call':
        if (options.refuse) return { error: { code: -32000, message: 'The user did not allow it.' } };
        return { result: await client.callTool(message.params as typeof call) };
      default:
        return message.method?.startsWith('ui/notifications/') ? {} : { error: { code: -32601, message: 'unknown' } };
    }
  }

  await page.exposeFunction('heard', heard);
  await page.goto('https://chat.test/');
  const view = page.frames().find((frame) => frame.url().startsWith('https://view.test')) ?? page.mainFrame();
  await view.locator('main').waitFor();
  return {
    page,
    view,
    sent,
    faults,
    tell,
    ask: (method, params = {}) => inPage('ask', method, params),
    async close() {
      await told;
      await page.context().close();
    },
  };
}
