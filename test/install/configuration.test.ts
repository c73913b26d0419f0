import { describe, expect, it } from 'vitest';
import { type ConfigurationFormat, json, removeChecked, setChecked } from '../../src/install/configuration.js';

const path = ['mcpServers', 'keepsake'];
const value = { command: 'x' };
const text = '{\n  // mine\n  "theme": "dark"\n}\n';
const refused = 'mcpServers.keepsake cannot be changed without changing something else';

/** A format whose changes do something besides. */
const careless = (besides: (result: string) => string): ConfigurationFormat => ({
  ...json,
  set: (...given) => besides(json.set(...given)),
  remove: (...given) => besides(json.remove(...given)),
});

describe('a change of a configuration', () => {
  it.each([
    ['another setting', (result: string) => result.replace('dark', 'light')],
    ['a comment', (result: string) => result.replace('// mine', '')],
  ])('is refused where %s would not be what it was', (_, besides) => {
    expect(() => setChecked(careless(besides), text, { path, value })).toThrow(refused);
    expect(() => removeChecked(careless(besides), setChecked(json, text, { path, value }), { path, original: text })).toThrow(refused);
  });

  it('is refused where it did not happen', () => {
    const idle: ConfigurationFormat = { ...json, set: (unchanged) => unchanged, remove: (unchanged) => unchanged };
    expect(() => setChecked(idle, text, { path, value })).toThrow('cannot be written');
    expect(() => removeChecked(idle, setChecked(json, text, { path, value }), { path, original: text })).toThrow('cannot be taken out');
  });
});
