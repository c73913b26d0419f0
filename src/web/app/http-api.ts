import type { Fault } from '../api.js';
import { type Api, ApiError, type Calls } from './api.js';

/** How calls reach the server. */
export interface HttpApiOptions {
  /** The bearer token to send, if there is one by now. */
  token: () => string | undefined;
  /** Told of each call that the server refused for want of a valid token. */
  onUnauthorized: () => void;
}

/** Calls by POST to /api/NAME of the server that the page came from. */
export function createHttpApi({ token, onUnauthorized }: HttpApiOptions): Api {
  async function call<Name extends keyof Calls>(name: Name, request: Calls[Name]['request'], signal?: AbortSignal) {
    const known = token();
    if (known !== undefined && !isSendable(known)) {
      onUnauthorized();
      throw new ApiError({ error: { code: 'unauthorized', message: '' } });
    }
    const headers = { 'Content-Type': 'application/json', ...(known === undefined ? {} : { Authorization: `Bearer ${known}` }) };
    const options = { method: 'POST', headers, body: JSON.stringify(request), signal: signal ?? null };
    const response = await reached(() => fetch(`api/${name}`, options), signal);
    if (response.status === 401) onUnauthorized();
    const said = objectIn(await reached(() => response.text(), signal));
    if (!response.ok || !said) throw new ApiError(faultOf(response, said));
    return said as Calls[Name]['answer'];
  }
  return { call };
}

/** Whether a header can carry a token; one that it cannot is no server's. */
const isSendable = (token: string) => /^[\x20-\x7e]*$/.test(token);

/** What the network gives, be it an answer or the rest of one. */
async function reached<T>(ask: () => Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  try {
    return await ask();
  } catch (cause) {
    if (signal?.aborted) throw cause;
    throw new ApiError({ error: { code: 'unreachable', message: '' } }, { cause });
  }
}

/** The object that a text of JSON stands for; undefined where it is none, as of a proxy that answers with a page. */
function objectIn(text: string): object | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** What the server says of its refusal; a proxy in between may say it in a form of its own, or answer in its place. */
function faultOf({ ok, status, statusText }: Response, { error }: Partial<Fault> = {}): Fault {
  if (typeof error?.code === 'string' && typeof error.message === 'string') return { error };
  const code = status === 401 ? 'unauthorized' : 'internal';
  const said = `The server answered ${status} ${statusText}`.trimEnd();
  return { error: { code, message: ok ? `${said}, but nothing that this page understands.` : `${said}.` } };
}
