import { once } from 'node:events';
import { connect } from 'node:net';

/** What came back on a connection. */
export interface RawAnswer {
  status: number;
  /** Names in lower case. */
  headers: Record<string, string>;
  body: string;
  /** All that came, further answers too. */
  text: string;
}

/** Sends bytes on a new connection and gives what came back until the server closed it; `more` may send more. */
export async function sendRaw(
  url: string,
  bytes: string | Buffer,
  { more }: { more?: (write: (bytes: string) => void, received: () => string) => Promise<void> } = {},
): Promise<RawAnswer> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
  });
  // The server may close while it is written to.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  const closed = once(socket, 'close');
  socket.write(bytes);
  await more?.(
    (rest) => socket.write(rest),
    () => text,
  );
  await closed;
  return { ...parsed(text), text };
}

function parsed(text: string): Omit<RawAnswer, 'text'> {
  const [head = '', body = ''] = text.split(/\r\n\r\n(.*)/s);
  const [first = '', ...lines] = head.split('\r\n');
  const headers = Object.fromEntries(
    lines.map((line) => line.split(/:\s*(.*)/s, 2)).map(([name = '', value = '']) => [name.toLowerCase(), value]),
  );
  return { status: Number(first.split(' ')[1]), headers, body };
}
