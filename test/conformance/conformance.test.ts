import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import baseline from './baseline.json' with { type: 'json' };

const root = fileURLToPath(new URL('../..', import.meta.url));

it('explains on the page about conformance each scenario that may fail', () => {
  const page = readFileSync(`${root}docs/conformance.md`, 'utf8');
  const named = Object.values(baseline).flatMap((scenarios) => Object.keys(scenarios));
  expect(named.filter((scenario) => !page.includes(`\`${scenario}\``))).toEqual([]);
});

it('keeps what the suite wants every server to offer out of the build', () => {
  const built = readdirSync(`${root}dist`).filter((name) => name.endsWith('.js'));
  expect(built.length).toBeGreaterThan(0);
  expect(built.filter((name) => readFileSync(`${root}dist/${name}`, 'utf8').includes('test_simple_text'))).toEqual([]);
});
