import { open } from 'node:fs/promises';

/** Loaded into a server before anything else: from SIGUSR2 on every fsync fails, and from the next SIGUSR2 on none does. */
const handle = await open(process.execPath);
const files = Object.getPrototypeOf(handle);
const { sync } = files;
await handle.close();
let isFailing = false;

process.on('SIGUSR2', () => {
  isFailing = !isFailing;
  process.stderr.write(`fsync ${isFailing ? 'fails' : 'works'}\n`);
});

files.sync = function () {
  return isFailing ? Promise.reject(Object.assign(new Error('EIO: i/o error, fsync'), { code: 'EIO' })) : sync.call(this);
};
