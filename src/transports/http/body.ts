import type { IncomingMessage, ServerResponse } from 'node:http';
import type { HttpLimits } from './limits.js';
import { errorNumbers, Refusal } from './refusal.js';

type BodyLimits = Pick<HttpLimits, 'bodySize' | 'bodyTime' | 'depth'>;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Raises Refusal 415 unless a request says that its body is plain JSON. */
export function requireJsonType({ headers }: IncomingMessage): void {
  const [type = '', ...parameters] = (headers['content-type'] ?? '').toLowerCase().split(';');
  const charset = parameters.map((each) => /^\s*charset\s*=\s*"?([^"\s]*)"?\s*$/.exec(each)?.[1]).find(Boolean);
  const encoding = (headers['content-encoding'] ?? 'identity').toLowerCase();
  if (type.trim() === 'application/json' && (charset ?? 'utf-8') === 'utf-8' && encoding === 'identity') return;
  throw new Refusal(415, 'The body must be sent as Content-Type: application/json in UTF-8, without Content-Encoding.');
}

/** The bytes of a body. Raises Refusal 413 and 408, and what ended the connection. */
function readBytes(request: IncomingMessage, { bodySize, bodyTime }: BodyLimits): Promise<Buffer> {
  const tooLarge = () =>
    new Refusal(413, `The body is larger than the ${bodySize} bytes that the server reads; split it over several calls.`);
  return new Promise((resolve, reject) => {
    if (Number(request.headers['content-length'] ?? 0) > bodySize) return reject(tooLarge());
    const chunks: Buffer[] = [];
    let size = 0;
    const timer = setTimeout(
      () => finish(() => reject(new Refusal(408, `The body did not arrive within ${bodyTime / 1000} seconds.`, { Connection: 'close' }))),
      bodyTime,
    );
    function finish(settle: () => void): void {
      clearTimeout(timer);
      request.off('data', onData).off('end', onEnd);
      settle();
    }
    function onData(chunk: Buffer): void {
      chunks.push(chunk);
      size += chunk.length;
      if (size > bodySize) finish(() => reject(tooLarge()));
    }
    const onEnd = () => finish(() => resolve(Buffer.concat(chunks)));
    // Listens on: a connection may break after its body was refused, too.
    const onGone = (error?: Error) => finish(() => reject(error ?? new Error('the connection ended within the body')));
    request.on('data', onData).on('end', onEnd).on('error', onGone).on('close', onGone);
  });
}

/** Whether JSON holds more objects and arrays within each other than `most`. Counts brackets outside of strings. */
export function isDeeperThan(most: number, json: string): boolean {
  let depth = 0;
  for (let at = 0; at < json.length; at += 1) {
    switch (json.charCodeAt(at)) {
      case 0x22:
        at = endOfString(json, at);
        break;
      case 0x5b:
      case 0x7b:
        depth += 1;
        if (depth > most) return true;
        break;
      case 0x5d:
      case 0x7d:
        depth -= 1;
        break;
    }
  }
  return false;
}

/** Position of the quote that ends the string which begins at `start`; the text's end if none does. */
function endOfString(json: string, start: number): number {
  for (let at = start + 1; ; at += 1) {
    at = json.indexOf('"', at);
    if (at === -1) return json.length;
    let before = at - 1;
    while (json.charCodeAt(before) === 0x5c) before -= 1;
    if ((at - before) % 2 === 1) return at;
  }
}

/** The JSON of a request's body. Raises Refusal 413, 408 and 400. */
export async function readJson(request: IncomingMessage, response: ServerResponse, limits: BodyLimits): Promise<unknown> {
  if (request.headers.expect !== undefined) response.writeContinue();
  const bytes = await readBytes(request, limits);
  const malformed = new Refusal(400, 'The body is no valid JSON in UTF-8.', {}, { code: errorNumbers.parse });
  let text: string;
  try {
    text = utf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) throw malformed;
    throw error;
  }
  if (isDeeperThan(limits.depth, text)) throw new Refusal(400, `The body nests more than ${limits.depth} levels deep.`);
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) throw malformed;
    throw error;
  }
}
