import { existsSync, readdirSync, statSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ChromaUnavailableError, prepareBinding } from '../../../src/store/chroma/binding.js';
import { probeLocalChroma } from '../../../src/store/chroma/local-server.js';

describe('the Chroma binding', () => {
  let home: string;
  let copies: string;
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), 'keepsake-binding-'));
    copies = join(home, 'chroma-binding');
  });
  afterEach(() => rm(home, { recursive: true, force: true }));

  it('loads here, as doctor finds out without starting a server', async () => {
    const binding = await probeLocalChroma({ folder: join(home, 'chroma'), compat: 'auto' });
    expect(existsSync(binding.file)).toBe(true);
    expect(binding.version).toMatch(/^\d+\.\d+\.\d+$/);
    expect(existsSync(join(home, 'chroma'))).toBe(false);
  });

  describe.runIf(process.platform === 'linux')('on Linux', () => {
    it('is used as it is where the C library is new enough', async () => {
      const binding = await prepareBinding({ copies, compat: 'auto', libc: '2.39' });
      expect(binding.adapted).toBe(false);
      expect(existsSync(copies)).toBe(false);
    });

    it('is copied and adapted where the C library is older, once, by any number of starts', async () => {
      const starts = await Promise.all([1, 2, 3].map(() => prepareBinding({ copies, compat: 'auto', libc: '2.36' })));
      const [first] = starts;
      expect(starts).toEqual([first, first, first]);
      expect(first?.adapted).toBe(true);
      expect(readdirSync(copies)).toHaveLength(1);
      expect(statSync(first?.file ?? '').mode & 0o777).toBe(0o600);
      const { mtimeMs } = statSync(first?.file ?? '');
      expect(await prepareBinding({ copies, compat: 'auto', libc: '2.36' })).toEqual(first);
      expect(statSync(first?.file ?? '').mtimeMs).toBe(mtimeMs);
    });

    it('is not adapted when that is switched off, not even when a copy is there', async () => {
      await prepareBinding({ copies, compat: 'auto', libc: '2.36' });
      const refused = prepareBinding({ copies, compat: 'off', libc: '2.36' });
      await expect(refused).rejects.toThrow(ChromaUnavailableError);
      await expect(refused).rejects.toThrow(/newer C library than glibc 2\.36; allow its adaptation with KEEPSAKE_CHROMA_COMPAT=auto/);
    });

    it('says why where the adaptation is not enough, and leaves nothing behind', async () => {
      const refused = prepareBinding({ copies, compat: 'auto', libc: '2.28' });
      await expect(refused).rejects.toThrow(
        /could not be adapted \(it needs .*\); upgrade the system, or .*KEEPSAKE_STORE=embedded.*CHROMA_URL/,
      );
      expect(existsSync(copies) ? readdirSync(copies) : []).toEqual([]);
    });

    it('says that another C library is the reason', async () => {
      const report = process.report as { getReport: () => object };
      const original = report.getReport;
      report.getReport = () => ({ header: {} });
      try {
        await expect(prepareBinding({ copies, compat: 'auto' })).rejects.toThrow(
          /needs the GNU C library, which this system does not have/,
        );
      } finally {
        report.getReport = original;
      }
    });
  });
});
