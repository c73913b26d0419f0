import { readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import type { AttachmentStore } from '../../src/core/ports.js';
import { openAttachments } from '../../src/store/attachments.js';
import { temporaryHome } from '../support/home.js';

const ann = 'user:ann' as const;
const bytes = (text: string) => new TextEncoder().encode(text);
const done = async () => 'done';

let home: string;
let store: AttachmentStore;
beforeEach(async () => {
  home = await temporaryHome();
  store = openAttachments({ folder: join(home, 'attachments'), lockFolder: join(home, 'locks') });
});

const names = (folder = 'user-ann') => readdirSync(join(home, 'attachments', folder)).sort();
const hashOf = (text: string) => store.reference({ mime_type: 'image/png', data: bytes(text) }).hash;

describe('the attachments of a home', () => {
  it('are referred to by hash, type and size', () => {
    expect(store.reference({ mime_type: 'audio/mpeg', data: bytes('abc') })).toEqual({
      hash: 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad',
      mime_type: 'audio/mpeg',
      bytes: 3,
    });
  });

  it('are on the disk, whole and under their hash, before they are recorded', async () => {
    const seen = await store.save(ann, [bytes('one'), bytes('two')], async () => ({
      names: names(),
      one: await store.get(ann, hashOf('one')),
    }));
    expect(seen.names).toEqual([hashOf('one'), hashOf('two')].sort());
    expect(new TextDecoder().decode(seen.one)).toBe('one');
  });

  it.skipIf(process.platform === 'win32')('can be read by their owner alone', async () => {
    await store.save(ann, [bytes('one')], done);
    const folder = join(home, 'attachments', 'user-ann');
    const modes = [join(home, 'attachments'), folder, join(folder, hashOf('one'))].map((path) => statSync(path).mode & 0o777);
    expect(modes).toEqual([0o700, 0o700, 0o600]);
  });

  it('are written once, unless what lies there is damaged', async () => {
    const path = () => join(home, 'attachments', 'user-ann', hashOf('one'));
    await store.save(ann, [bytes('one')], done);
    const before = statSync(path());
    await store.save(ann, [bytes('one')], done);
    expect(statSync(path())).toMatchObject({ ino: before.ino, mtimeMs: before.mtimeMs });
    truncateSync(path(), 1);
    expect(await store.get(ann, hashOf('one'))).toBeUndefined();
    await store.save(ann, [bytes('one')], done);
    expect(await store.get(ann, hashOf('one'))).toHaveLength(3);
  });

  it('belong to one space each, on any file system', async () => {
    await store.save(ann, [bytes('one')], done);
    await store.save('user:Ann', [bytes('one')], done);
    expect(await store.get('user:bob', hashOf('one'))).toBeUndefined();
    await store.keepOnly(ann, async () => new Set());
    expect(await store.get(ann, hashOf('one'))).toBeUndefined();
    expect(await store.get('user:Ann', hashOf('one'))).toHaveLength(3);
  });

  it('go when nothing needs them, with whatever a crash has left', async () => {
    await store.save(ann, [bytes('one'), bytes('two')], done);
    writeFileSync(join(home, 'attachments', 'user-ann', `${hashOf('three')}.draft`), 'thr');
    await store.keepOnly(ann, async () => new Set([hashOf('two')]));
    expect(names()).toEqual([hashOf('two')]);
  });

  it('are asked for only where there are any', async () => {
    await store.keepOnly(ann, () => Promise.reject(new Error('asked')));
  });

  it('stay when they are saved while others are removed: what is needed is asked only once they are recorded', async () => {
    await store.save(ann, [bytes('old')], done);
    const other = openAttachments({ folder: join(home, 'attachments'), lockFolder: join(home, 'locks') });
    const recorded = new Set<string>();
    let removed: Promise<void> | undefined;
    await store.save(ann, [bytes('new')], async () => {
      removed = other.keepOnly(ann, async () => new Set(recorded));
      // More time than the other one takes that would not wait.
      for (let turn = 0; turn < 50; turn += 1) await readdir(home);
      recorded.add(hashOf('new'));
    });
    await removed;
    expect(names()).toEqual([hashOf('new')]);
  });

  it('say which folder cannot be used', async () => {
    writeFileSync(join(home, 'attachments'), 'a file');
    await expect(store.save(ann, [bytes('one')], done)).rejects.toMatchObject({
      code: 'log_unavailable',
      message: expect.stringContaining('attachments'),
    });
  });
});
