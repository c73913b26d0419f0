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
    const headers = { 'Content-Type': 'application/json', ...(known === undefined ? {} : { Authorization: `Bearer ${known}` }) };
    const response = await reached(`api/${name}`, { method: 'POST', headers, body: JSON.stringify(request), signal: signal ?? null });
    if (response.ok) return (await response.json()) as Calls[Name]['answer'];
    if (response.status === 401) onUnauthorized();
    throw new ApiError(await faultOf(response));
  }
  return { call };
}

async function reached(path: string, options: RequestInit): Promise<Response> {
  try {
    return await fetch(path, options);
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new ApiError({ error: { code: 'unreachable', message: '' } }, { cause });
  }
}

/** What the server says of its refusal; a proxy in between may say it in a form of its own. */
async function faultOf(response: Response): Promise<Fault> {
  const text = await response.text();
  const said = response.headers.get('Content-Type')?.startsWith('application/json') ? (JSON.parse(text) as Partial<Fault>) : {};
  if (typeof said.error?.code === 'string' && typeof said.error.message === 'string') return { error: said.error };
  const code = response.status === 401 ? 'unauthorized' : 'internal';
  return { error: { code, message: `The server answered ${response.status} ${response.statusText}.` } };
}
