import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { exitCodes, type HostOptions } from './host-options.js';

/**
 * Entry of the host process: Chroma on the main thread, which it blocks as long as it serves, and beside it a worker
 * that holds the control port. One process, so that both have one fate.
 */
const { folder, binding, ...rest } = JSON.parse(process.argv[2] ?? '{}') as HostOptions;
// Chroma's files are for their owner alone.
process.umask(0o077);
process.title = `keepsake-chroma ${folder}`;

// Chroma ends on these signals only if node listens to them too; else it raises them again for ever.
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => undefined);

const { cli } = createRequire(import.meta.url)(binding.file) as { cli(args: string[]): void };
const control = new Worker(new URL('./chroma-control.js', import.meta.url), { workerData: { folder, binding, ...rest } });
control.once('error', (error) => {
  writeSync(2, `${error.stack}\n`);
  process.exit(exitCodes.crashed);
});
control.once('message', ({ serve, exit }: { serve?: { path: string; port: number }; exit?: number }) => {
  if (serve === undefined) process.exit(exit);
  cli(['chroma', 'run', '--path', serve.path, '--host', '127.0.0.1', '--port', String(serve.port)]);
  process.exit(exitCodes.ended);
});
