import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Bytes and number of files at or below a path; what is gone meanwhile counts as nothing. */
export async function sizeOf(path) {
  const found = await ifThere(stat(path));
  if (found === undefined) return { bytes: 0, files: 0 };
  if (!found.isDirectory()) return { bytes: found.size, files: 1 };
  const below = await Promise.all(((await ifThere(readdir(path))) ?? []).map((name) => sizeOf(join(path, name))));
  return below.reduce((sum, { bytes, files }) => ({ bytes: sum.bytes + bytes, files: sum.files + files }), { bytes: 0, files: 0 });
}

/** Size of each entry of a home, by its name. */
export async function sizesOf(home) {
  return Object.fromEntries(await Promise.all((await readdir(home)).sort().map(async (name) => [name, await sizeOf(join(home, name))])));
}

/** Resident memory of a process in MB; NaN where the system does not tell. */
export async function residentMegabytes(pid) {
  const status = (await ifThere(readFile(`/proc/${pid}/status`, 'utf8'))) ?? '';
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? Number.NaN) / 1024);
}

/** What is read, undefined where there is no such file. */
export async function ifThere(reading) {
  try {
    return await reading;
  } catch (error) {
    if (error.code !== 'ENOENT') throw error;
    return undefined;
  }
}
