import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { adaptToLibc, needsNewerLibc } from '../../../src/store/chroma/elf.js';

const fromChroma = createRequire(createRequire(import.meta.url).resolve('chromadb'));

describe.runIf(process.platform === 'linux' && process.arch === 'x64')('the adaptation of a binary to an older C library', () => {
  const binding = readFileSync(fromChroma.resolve('chromadb-js-bindings-linux-x64-gnu'));

  /** The binding with another symbol name of the same length. */
  function renamed(from: string, to: string): Buffer {
    const copy = Buffer.from(binding);
    const at = copy.indexOf(`\0${from}\0`);
    expect(at).toBeGreaterThan(0);
    copy.write(to, at + 1, 'latin1');
    return copy;
  }

  it('sees for which C libraries the binary is too new', () => {
    expect(needsNewerLibc(binding, '2.36')).toBe(true);
    expect(needsNewerLibc(binding, '2.38')).toBe(true);
    expect(needsNewerLibc(binding, '2.39')).toBe(false);
    expect(needsNewerLibc(binding, '2.100')).toBe(false);
  });

  it('changes a few bytes of a copy and leaves the original alone', () => {
    const before = Buffer.from(binding);
    const adapted = adaptToLibc(binding, '2.36');
    expect(binding.equals(before)).toBe(true);
    expect(adapted.length).toBe(binding.length);
    let changed = 0;
    for (let i = 0; i < adapted.length; i++) if (adapted[i] !== binding[i]) changed++;
    expect(changed).toBeGreaterThan(0);
    expect(changed).toBeLessThan(40);
  });

  it('changes less where only the newest symbols are too new', () => {
    const differences = (libc: string) => Buffer.compare(adaptToLibc(binding, libc), binding) !== 0;
    expect(differences('2.38')).toBe(true);
    expect(differences('2.39')).toBe(false);
    expect(adaptToLibc(binding, '2.38').equals(adaptToLibc(binding, '2.36'))).toBe(false);
  });

  it('refuses a symbol that it does not know to be dispensable', () => {
    expect(() => adaptToLibc(renamed('pidfd_spawnp', 'pidfd_spawnq'), '2.36')).toThrow('it needs pidfd_spawnq of GLIBC_2.39');
    expect(() => adaptToLibc(renamed('__isoc23_strtol', '__isoc99_strtol'), '2.36')).toThrow('it needs __isoc99_strtol of GLIBC_2.38');
  });

  it('refuses a C library that lacks more than the known symbols', () => {
    expect(() => adaptToLibc(binding, '2.28')).toThrow(/^it needs \w+ of GLIBC_2\.\d+$/);
  });

  it('refuses what is no binary', () => {
    expect(() => needsNewerLibc(Buffer.from('#!/bin/sh\n'.repeat(20)), '2.36')).toThrow('it is not a 64-bit ELF file');
  });
});
