import { type Api, ApiError, type Calls } from '../api.js';
import { type Host, HostError, type ToolResult } from './host.js';

const toolNames = ['remember', 'recall', 'forget', 'memory_history'];

/** Calls of the tools through the host; what only the dashboard's server answers is not to be had here. */
export function createHostApi(host: Host): Api {
  async function call<Name extends keyof Calls>(name: Name, request: Calls[Name]['request']) {
    if (!toolNames.includes(name)) throw new ApiError({ error: { code: 'internal', message: `There is no ${name} in a client.` } });
    // What is undefined must not reach the server: it refuses arguments that it does not know.
    const given: unknown = JSON.parse(JSON.stringify(request));
    const result = await asked(host, { name, arguments: given });
    if (result.isError || !result.structuredContent) throw new ApiError({ error: faultIn(textOf(result)) });
    return result.structuredContent as unknown as Calls[Name]['answer'];
  }
  return { call };
}

/** The same calls, of which the first one of this request is answered with what is known already. */
export function answeredOnce(api: Api, { request, answer }: Calls['recall']): Api {
  let known: Calls['recall']['answer'] | undefined = answer;
  async function call<Name extends keyof Calls>(name: Name, given: Calls[Name]['request'], signal?: AbortSignal) {
    if (known === undefined || given !== request) return api.call(name, given, signal);
    const first = known;
    known = undefined;
    return first as Calls[Name]['answer'];
  }
  return { call };
}

/** The same calls, and `onChange` hears of each memory that one of them changed. */
export function tellingOfChanges(api: Api, onChange: (id: string) => void): Api {
  async function call<Name extends keyof Calls>(name: Name, given: Calls[Name]['request'], signal?: AbortSignal) {
    const answer = await api.call(name, given, signal);
    if ('results' in answer) for (const { id, event } of answer.results) if (event !== 'NONE') onChange(id);
    if ('not_found' in answer) for (const { id } of answer.forgotten) onChange(id);
    return answer;
  }
  return { call };
}

async function asked(host: Host, params: object): Promise<ToolResult> {
  try {
    return (await host.request('tools/call', params)) as ToolResult;
  } catch (cause) {
    if (!(cause instanceof HostError)) throw cause;
    throw new ApiError({ error: { code: 'refused', message: cause.message } }, { cause });
  }
}

/** The text of a result, for where there is nothing else. */
export function textOf({ content = [] }: ToolResult): string {
  return content.flatMap(({ text }) => text ?? []).join('\n');
}

/** Why a call failed: its text says the code in brackets at the end. */
export function faultIn(text: string): { code: string; message: string } {
  const [, message = text, code = 'internal'] = /^(.*) \[(\w+)\]$/s.exec(text) ?? [];
  return { code, message };
}
