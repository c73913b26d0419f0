import { describe, expect, it } from 'vitest';
import { removeChecked, setChecked, toml, valueAt } from '../../src/install/configuration.js';

const value = { command: 'C:\\Program Files\\node.exe', args: ['C:\\a "b"\\main.js'], env: { KEEPSAKE_HOME: '/x' } };
const path = ['mcp_servers', 'keepsake'];
const put = (text: string) => setChecked(toml, text, { path, value });

const written = {
  nothing: '',
  'no servers': '# my settings\nmodel = "o3"   # best\n',
  'another server': '[mcp_servers.other]   # other\ncommand = "npx"\nargs = [ "-y", "x" ]\n\n# profiles\n[profiles.a]\nx = 1_000\n',
  'line ends of Windows': '# c\r\nmodel = "o3"\r\n\r\n[tui]\r\ntheme = "a"\r\n',
  'no newline at the end': 'model = "x"',
  'a mark of the byte order': '\uFEFFmodel = "x"\n',
  'a comment at the end': '[mcp_servers]\nother.command = "x"\n\n# end\n',
  'dates, numbers, lists of tables and long texts':
    'd = 1979-05-27T07:32:00Z\nhex = 0xDEAD\ns = \'C:\\x\'\nm = """\n[mcp_servers.keepsake]\n"""\n[[list]]\na = 1\n[[list]]\na = 2\n',
};

describe('a server in TOML', () => {
  it.each(Object.entries(written))('goes into %s and out again, byte for byte', (_, text) => {
    const result = put(text);
    expect(result.startsWith(text)).toBe(true);
    expect(valueAt(toml.data(result.replace('\uFEFF', '')), path)).toEqual(value);
    expect(put(result)).toBe(result);
    expect(removeChecked(toml, result, { path, original: text })).toBe(text);
  });

  it('has a section of its own', () => {
    expect(put('model = "x"\n')).toBe(
      'model = "x"\n\n[mcp_servers.keepsake]\ncommand = "C:\\\\Program Files\\\\node.exe"\nargs = [ "C:\\\\a \\"b\\"\\\\main.js" ]\nenv = { KEEPSAKE_HOME = "/x" }\n',
    );
  });

  it('goes into a table on one line', () => {
    const text = 'mcp_servers = { other = { command = "a" } } # mine\nx = 1\n';
    const result = put(text);
    expect(valueAt(toml.data(result), path)).toEqual(value);
    expect(removeChecked(toml, result, { path, original: text })).toBe(text);
  });

  it('goes with what the client wrote under it, and leaves what was added around it', () => {
    const result = put('model = "x"\n');
    const text = `${result.replace('"x"', '"y"')}startup_timeout_sec = 20\n\n[mcp_servers.keepsake.tools.recall]\napproval_mode = "approve"\n\n# about z\n[z]\nq = 1\n`;
    expect(removeChecked(toml, text, { path, original: 'model = "x"\n' })).toBe('model = "y"\n\n\n# about z\n[z]\nq = 1\n');
  });

  it('keeps what stands beside it when it is brought up to date', () => {
    const text = '[mcp_servers.keepsake]\ncommand = "old" # here\nargs = []\nenabled = true\n\n[z]\nq = 1\n';
    const result = put(text);
    expect(valueAt(toml.data(result), path)).toEqual({ ...value, enabled: true });
    expect(result).toContain(' # here\n');
  });

  it('that stands on one line of its table goes without what follows', () => {
    const text = '[mcp_servers]\nkeepsake = { command = "npx", args = ["keepsake-mcp"] }\n\n# later\n';
    expect(removeChecked(toml, put(text), { path, original: undefined })).toBe('[mcp_servers]\n\n# later\n');
  });

  it('is brought up to date without touching how the rest is written', () => {
    const text = '[ mcp_servers . a ]\ncommand="x"\n';
    const older = setChecked(toml, text, { path, value: { ...value, command: '/older' } });
    expect(put(older)).toBe(put(text));
    expect(put(put(text))).toBe(put(text));
  });

  it('is refused a place in what is no TOML, of which nothing is repeated, since it may hold a key', () => {
    expect(() => put('a = 1\nb = "sk-secret\n')).toThrow(/^it is no valid TOML \(line 2, column \d+\)$/);
  });
});
