import { describe, expect, it } from 'vitest';
import { remoteUrl } from '../../src/cli/connect.js';
import { runCommand } from './run.js';

describe('the URL that connect is given', () => {
  it.each([
    ['https://memory.example.com', 'https://memory.example.com/mcp'],
    ['https://memory.example.com/team/mcp?region=eu', 'https://memory.example.com/team/mcp?region=eu'],
    ['http://localhost:7700/', 'http://localhost:7700/mcp'],
    ['http://127.1.2.3:7700', 'http://127.1.2.3:7700/mcp'],
    ['http://[::1]:7700#here', 'http://[::1]:7700/mcp'],
  ])('%s is reached at %s', (given, expected) => {
    expect(remoteUrl(given, true).href).toBe(expected);
  });
  it.each([
    ['memory.example.com', /needs the URL of a remote Keepsake/],
    ['file:///etc/passwd', /needs the URL/],
    ['https://ann:secret@memory.example.com', /no user, password or token.*set KEEPSAKE_TOKEN/],
    ['https://memory.example.com/mcp?access_token=secret', /no user, password or token/],
    ['http://memory.example.com', /KEEPSAKE_TOKEN is not sent to memory\.example\.com over http/],
    ['http://localhost.example.com', /not sent/],
  ])('%s is refused without being repeated', (given, expected) => {
    const refused = () => remoteUrl(given, true);
    expect(refused).toThrow(expected);
    expect(refused).not.toThrow(/secret/);
  });
  it('may be one over http where no token goes along', () => {
    expect(remoteUrl('http://memory.example.com', false).href).toBe('http://memory.example.com/mcp');
  });
  it('is refused before anything is sent, with exit code 2', async () => {
    expect(await runCommand(['connect', 'https://ann:secret@memory.example.com'])).toEqual({
      code: 2,
      stdout: '',
      stderr:
        'keepsake-mcp: connect: the URL must hold no user, password or token, which others on this machine could read; set KEEPSAKE_TOKEN.\n',
    });
    expect(await runCommand(['connect'])).toMatchObject({ code: 2, stderr: 'keepsake-mcp: usage: keepsake-mcp connect URL\n' });
  });
});
