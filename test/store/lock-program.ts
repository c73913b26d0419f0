import { readFileSync, writeFileSync } from 'node:fs';
import { withLock } from '../../src/store/lock.js';

/**
 * Holds a lock for good ("hold FOLDER"), or adds to the number in a file under it, with a read and a write far enough
 * apart for others to come between ("count FOLDER FILE TIMES").
 */
const [task, folder = '', file = '', times = '0'] = process.argv.slice(2);

if (task === 'hold') {
  setInterval(() => undefined, 60_000);
  await withLock(folder, () => {
    process.stdout.write('held\n');
    return new Promise(() => undefined);
  });
}
for (let done = 0; done < Number(times); done += 1) {
  await withLock(folder, async () => {
    const value = Number(readFileSync(file, 'utf8'));
    await new Promise((resolve) => setImmediate(resolve));
    writeFileSync(file, String(value + 1));
  });
}
