import { link, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type InstallRecord, openRecords } from '../../src/install/record.js';
import { temporaryHome } from '../support/home.js';
import { read } from './support.js';

const record: InstallRecord = {
  client: 'zed',
  version: '1.0.0',
  at: '2026-01-01T00:00:00Z',
  command: 'node',
  args: ['main.js'],
  files: [],
};

describe('the record of an installation', () => {
  it('is replaced in one stroke, so that a crash leaves the one or the other', async () => {
    const home = await temporaryHome();
    const records = openRecords(home);
    const folder = join(home, 'installed', 'zed');
    await records.write(record);
    const before = await read(join(folder, 'record.json'));
    // Whoever writes into the file itself also changes what its other name shows.
    await link(join(folder, 'record.json'), join(home, 'other-name'));
    await records.write({ ...record, version: '2.0.0' });
    expect(await read(join(home, 'other-name'))).toBe(before);
    expect(await records.read('zed')).toEqual({ ...record, version: '2.0.0' });
    expect(await readdir(folder)).toEqual(['record.json']);
  });
});
