import { describe, expect, it } from 'vitest';
import { json, removeChecked, setChecked } from '../../src/install/configuration.js';

const value = { command: 'C:\\Program Files\\node.exe', args: ['a b'] };
const path = ['mcpServers', 'keepsake'];
const put = (text: string) => setChecked(json, text, { path, value });

/** Configurations as people and clients write them. */
const written = {
  'an empty object': '{}',
  'an empty object with a line in it': '{\n}\n',
  'no servers': '{\n  "theme": "dark"\n}\n',
  'an empty list of servers': '{\n  "mcpServers": {}\n}\n',
  'another server': '{\n  "mcpServers": {\n    "other": { "command": "x" }\n  },\n  "last": [1, 2]\n}\n',
  'four spaces and no newline at the end': '{\n    "mcpServers": {\n        "other": {\n            "command": "x"\n        }\n    }\n}',
  tabs: '{\n\t"mcpServers": {\n\t\t"other": {}\n\t}\n}\n',
  'line ends of Windows': '{\r\n  "mcpServers": {\r\n    "other": {}\r\n  }\r\n}\r\n',
  'a mark of the byte order': '\uFEFF{\n  "a": 1\n}\n',
  'one line': '{"a":1,"mcpServers":{"other":{"command":"x"}},"b":[]}',
  'one line with spaces': '{ "a": 1, "mcpServers": { "other": { "command": "x" } } }\n',
  comments:
    '// mine\n{\n  // servers, and more\n  "mcpServers": {\n    "other": {} // the last, so far\n    // nothing behind this\n  } /* end, */\n}\n// bye\n',
  'trailing commas': '{\n  "mcpServers": {\n    "other": {}, // a, b\n  },\n}\n',
  'odd spacing': '{ "z":1 ,\n\n   "a" : [ ],\n "mcpServers" :{"other":{ } } }\n\n\n',
};

describe('a server in JSON', () => {
  it.each(Object.entries(written))('goes into %s and out again, byte for byte', (_, text) => {
    const result = put(text);
    expect(json.data(result.replace('\uFEFF', ''))).toMatchObject({ mcpServers: { keepsake: value } });
    // Nothing but what was added: every other character is there, in its order.
    let at = 0;
    for (const character of text) {
      at = result.indexOf(character, at) + 1;
      expect(at).toBeGreaterThan(0);
    }
    expect(removeChecked(json, result, { path, original: text })).toBe(text);
    expect(put(result)).toBe(result);
  });

  it('is indented as its neighbours are, with their line ends', () => {
    expect(put(written['line ends of Windows'])).toBe(
      '{\r\n  "mcpServers": {\r\n    "other": {},\r\n    "keepsake": {\r\n      "command": "C:\\\\Program Files\\\\node.exe",\r\n      "args": [\r\n        "a b"\r\n      ]\r\n    }\r\n  }\r\n}\r\n',
    );
    expect(put(written['one line'])).toBe(
      '{"a":1,"mcpServers":{"other":{"command":"x"},"keepsake":{"command":"C:\\\\Program Files\\\\node.exe","args":["a b"]}},"b":[]}',
    );
    expect(put('')).toBe(
      '{\n  "mcpServers": {\n    "keepsake": {\n      "command": "C:\\\\Program Files\\\\node.exe",\n      "args": [\n        "a b"\n      ]\n    }\n  }\n}\n',
    );
  });

  it('keeps what stands beside it when it is brought up to date', () => {
    const text = '{"mcpServers": {"keepsake": {"command": "old", /* mine */ "args": [], "disabled": true}}}';
    expect(put(text)).toBe(
      '{"mcpServers": {"keepsake": {"command": "C:\\\\Program Files\\\\node.exe", /* mine */ "args": ["a b"], "disabled": true}}}',
    );
  });

  it('leaves what others put before and behind it since', () => {
    const text = put(written['another server'])
      .replace('"other": { "command": "x" },', '"other": { "command": "y" },\n    "before": {},')
      .replace(/(\n {4}\})(\n {2}\},\n {2}"last")/, '$1,\n    "behind": {}$2');
    expect(removeChecked(json, text, { path, original: written['another server'] })).toBe(
      '{\n  "mcpServers": {\n    "other": { "command": "y" },\n    "before": {},\n    "behind": {}\n  },\n  "last": [1, 2]\n}\n',
    );
  });

  it.each([
    ['{"a": ', 'no valid JSON'],
    ['{\n  "a": 1\n  "b": 2\n}', 'line 3, column 3'],
    ['[]', 'no JSON object'],
    ['{"mcpServers": []}', 'is no object'],
    ['{"mcpServers": null}', 'is no object'],
    ['{"mcpServers": {}, "mcpServers": {"keepsake": {}}}', 'mcpServers'],
  ])('is refused a place in %s', (text, reason) => {
    expect(() => put(text)).toThrow(reason);
  });
});
