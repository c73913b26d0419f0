import open from 'open';
import { createOwnerAccess } from '../access/owner-access.js';
import type { Config } from '../config.js';
import { messageOf } from '../core/errors.js';
import type { Logger } from '../core/ports.js';
import { currentProject } from '../current-project.js';
import { openNetworkServer } from './network-server.js';

/** Only this machine is served, whatever the configuration says of `serve --http`. */
const host = '127.0.0.1';

/** How the dashboard is opened. */
export interface UiOptions {
  version: string;
  logger: Logger;
  signal: AbortSignal;
  /** 0: any free one. */
  port: number;
  /** Whether a browser is opened, where somebody sits in front of the terminal. */
  browser: boolean;
}

/**
 * The dashboard for the owner of the home: prints its address, which holds the secret that opens it, and shows it in the
 * browser, which is given a code that is good once: other users of the machine can list the arguments that a program is
 * started with. Resolves with the exit code when `signal` is raised and everything has ended.
 */
export async function ui(config: Config, { port, browser, ...options }: UiOptions): Promise<number> {
  const access = createOwnerAccess(config.user);
  const own: Config = { ...config, http: { ...config.http, host, port, publicUrls: [], origins: [] } };
  const server = await openNetworkServer(own, { ...options, access, project: await currentProject(config, []) });
  const address = `${server.url}/#token=${access.token}`;
  process.stdout.write(`${address}\n`);
  process.stderr.write(
    'The dashboard is at this address as long as this command runs; Ctrl-C ends it. Whoever has the address may read and change everything.\n',
  );
  if (browser && process.stdout.isTTY && !process.env.CI) await show(`${server.url}/#code=${access.code}`);
  await server.ended();
  return 0;
}

async function show(address: string): Promise<void> {
  try {
    await open(address);
  } catch (error) {
    process.stderr.write(`No browser could be opened (${messageOf(error)}); open the address yourself.\n`);
  }
}
