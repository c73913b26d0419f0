import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Server, type Socket } from 'node:net';

/** How a proxy treats its connections: passes them on, takes them and never answers, breaks them off, or answers as a stranger. */
export type Behaviour = 'pass' | 'hang' | 'reset' | { delay: number } | { answer: string };

/** A TCP proxy on loopback before another server, which can become a bad one at any moment. */
export interface BadProxy {
  url: string;
  /** Holds for new connections; those that are open break off. */
  become(behaviour: Behaviour): void;
  /** Where connections go from now on. */
  lead(to: string): void;
  close(): Promise<void>;
}

/** Starts a proxy before the server at a URL. */
export async function startProxy(target: string): Promise<BadProxy> {
  const sockets = new Set<Socket>();
  let behaviour: Behaviour = 'pass';
  let to = new URL(target);

  function track(socket: Socket): Socket {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.on('close', () => sockets.delete(socket));
    return socket;
  }

  function pass(socket: Socket, delay: number): void {
    const upstream = track(connect(Number(to.port), to.hostname));
    upstream.on('close', () => socket.destroy());
    socket.on('close', () => upstream.destroy());
    socket.on('data', (chunk) => setTimeout(() => upstream.writable && upstream.write(chunk), delay));
    upstream.on('data', (chunk) => socket.writable && socket.write(chunk));
  }

  const server: Server = createServer((socket) => {
    track(socket);
    if (behaviour === 'reset') return void socket.resetAndDestroy();
    if (behaviour === 'hang') return void socket.resume();
    if (behaviour === 'pass') return pass(socket, 0);
    if ('delay' in behaviour) return pass(socket, behaviour.delay);
    const { answer } = behaviour;
    socket.on('data', () => socket.end(answer));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const breakOff = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    become(next) {
      behaviour = next;
      breakOff();
    },
    lead(next) {
      to = new URL(next);
      breakOff();
    },
    async close() {
      const closed = once(server, 'close');
      server.close();
      breakOff();
      await closed;
    },
  };
}
