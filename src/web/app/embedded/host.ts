/** The part of MCP's CallToolResult that the view reads. */
export interface ToolResult {
  content?: { type: string; text?: string }[];
  structuredContent?: Record<string, unknown>;
  isError?: boolean;
}

/** What a host tells of itself, as far as the view heeds it; later news name only what changed. */
export interface HostContext {
  theme?: 'light' | 'dark';
  /** BCP 47. */
  locale?: string;
  styles?: { variables?: Record<string, string | undefined> };
}

/** What a host says to `ui/initialize`. */
export interface HostWelcome {
  hostContext?: HostContext;
}

/** What a host tells the view, by the name of the message. */
export interface HostNews {
  'ui/notifications/tool-input': { arguments?: Record<string, unknown> };
  'ui/notifications/tool-result': ToolResult;
  'ui/notifications/tool-cancelled': { reason?: string };
  'ui/notifications/host-context-changed': HostContext;
}

/** Hears what a host tells; messages of other names are passed over. */
export type HostListeners = { [Name in keyof HostNews]: (news: HostNews[Name]) => void };

/** The program that shows the view: JSON-RPC with the window around it, as MCP Apps of 2026-01-26 has it. */
export interface Host {
  /** Raises HostError where the host refuses. */
  request(method: string, params: object): Promise<unknown>;
  notify(method: string, params: object): void;
  /** Begins with the handshake; what the host tells is heard from then on. Raises HostError. */
  connect(listeners: HostListeners): Promise<HostWelcome>;
}

/** A host that did not do what it was asked, in its words. */
export class HostError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'HostError';
  }
}

interface Message {
  jsonrpc: '2.0';
  id?: number | string;
  method?: string;
  params?: object;
  result?: object;
  error?: { code: number; message: string };
}

const protocolVersion = '2026-01-26';
const methodNotFound = -32601;
/** Requests of a host that are answered with nothing: there is nothing to save before the end. */
const acknowledged = ['ping', 'ui/resource-teardown'];

/** The host around a window. `target` is the window that embeds it. */
export function createHost(view: Window, target: Window): Host {
  const waiting = new Map<number | string, { resolve: (result: unknown) => void; reject: (error: HostError) => void }>();
  let last = 0;
  // Which page shows the view is the host's own affair, and no page learns here what it did not bring.
  const send = (message: Omit<Message, 'jsonrpc'>) => target.postMessage({ jsonrpc: '2.0', ...message }, '*');

  function settle({ id, result, error }: Message): void {
    const request = id === undefined ? undefined : waiting.get(id);
    if (id === undefined || !request) return;
    waiting.delete(id);
    if (error) request.reject(new HostError(error.message));
    else request.resolve(result);
  }

  function answer(id: number | string, method: string): void {
    if (acknowledged.includes(method)) send({ id, result: {} });
    else send({ id, error: { code: methodNotFound, message: `The view knows no ${method}.` } });
  }

  const host: Host = {
    request: (method, params) =>
      new Promise((resolve, reject) => {
        last += 1;
        waiting.set(last, { resolve, reject });
        send({ id: last, method, params });
      }),
    notify: (method, params) => send({ method, params }),
    async connect(listeners) {
      view.addEventListener('message', ({ source, data }: MessageEvent<unknown>) => {
        if (source !== target || !isMessage(data)) return;
        const { id, method, params = {} } = data;
        if (method === undefined) settle(data);
        else if (id !== undefined) answer(id, method);
        else if (isNews(method, listeners)) (listeners[method] as (news: object) => void)(params);
      });
      const appInfo = { name: 'keepsake', title: 'Keepsake', version: '1' };
      const appCapabilities = { availableDisplayModes: ['inline', 'fullscreen'] };
      const welcome = await host.request('ui/initialize', { appInfo, appCapabilities, protocolVersion });
      host.notify('ui/notifications/initialized', {});
      return (welcome ?? {}) as HostWelcome;
    },
  };
  return host;
}

function isMessage(data: unknown): data is Message {
  return typeof data === 'object' && data !== null && 'jsonrpc' in data && data.jsonrpc === '2.0';
}

function isNews(method: string, listeners: HostListeners): method is keyof HostNews {
  return Object.hasOwn(listeners, method);
}
