import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { optionRows } from '../src/options.js';
import { startHttpServer } from './support/http.js';

const root = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const dockerfile = read('deploy/Dockerfile');
const unit = read('deploy/keepsake.service');
const known = new Set(optionRows().map(({ name }) => name));

/** The values of a key of the unit, in order. */
const settings = (key: string) => [...unit.matchAll(new RegExp(`^${key}=(.*)$`, 'gm'))].map(([, value]) => value ?? '');

it('what the image is built from is there, and let through to the build', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths]) => paths!.split(' '));
  const allowed = [...read('.dockerignore').matchAll(/^!(.+)$/gm)].map(([, path]) => path);
  expect(copied.length).toBeGreaterThan(4);
  expect([...copied].sort()).toEqual([...allowed].sort());
  for (const path of copied) expect(existsSync(new URL(path, root)), path).toBe(true);
});

it('the image runs as a user without rights, keeps its files in a volume, and its check finds a server alive', async () => {
  expect(dockerfile).toMatch(/^USER node$/m);
  expect(dockerfile).toMatch(/^VOLUME \/data$/m);
  expect(dockerfile).toMatch(/KEEPSAKE_HOME=\/data/);
  expect(JSON.parse(/^ENTRYPOINT (.+)$/m.exec(dockerfile)![1]!)).toEqual(['keepsake-mcp']);
  expect(JSON.parse(/^CMD (.+)$/m.exec(dockerfile)![1]!)).toEqual(['serve', '--http']);
  const [command, ...args] = JSON.parse(/HEALTHCHECK .*\\\n {2}CMD (.+)$/m.exec(dockerfile)![1]!) as string[];
  expect(command).toBe('node');
  const check = (port: string) => promisify(execFile)(process.execPath, args, { env: { KEEPSAKE_PORT: port } });
  const server = await startHttpServer();
  await check(new URL(server.url).port);
  await server.stop();
  await expect(check(new URL(server.url).port)).rejects.toMatchObject({ code: 1 });
});

it('the settings that image and unit make are settings that there are', () => {
  const named = [...`${dockerfile}\n${unit}`.matchAll(/\b(KEEPSAKE_\w+)=/g)].map(([, name]) => name!);
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
});

it('the unit keeps the service to its own folder, and gives its calls the time that they get to finish', () => {
  expect(settings('User')).toEqual(['keepsake']);
  expect(settings('StateDirectory')).toEqual(['keepsake']);
  expect(settings('Environment')).toContain('KEEPSAKE_HOME=/var/lib/keepsake');
  expect(settings('ProtectSystem')).toEqual(['strict']);
  expect(settings('NoNewPrivileges')).toEqual(['yes']);
  expect(settings('CapabilityBoundingSet')).toEqual(['']);
  expect(Number(settings('TimeoutStopSec')[0])).toBeGreaterThan(20);
});

it('both proxies pass streams on as they come, take bodies as large as the server does, and keep its inner pages inside', () => {
  const [nginx, caddy] = [read('deploy/nginx.conf'), read('deploy/Caddyfile')];
  expect(nginx).toMatch(/proxy_buffering off;/);
  expect(nginx).toMatch(/client_max_body_size 8m;/);
  expect(nginx).toMatch(/proxy_set_header Host \$host;/);
  expect(caddy).toMatch(/flush_interval -1/);
  expect(caddy).toMatch(/max_size 8MiB/);
  for (const text of [nginx, caddy]) for (const page of ['metrics', 'readyz', 'healthz']) expect(text).toContain(page);
});

it('docs/deploy.md names settings, scopes, files and metrics that there are', async () => {
  const page = await readFile(fileURLToPath(new URL('docs/deploy.md', root)), 'utf8');
  const named = [...page.matchAll(/\b(?:KEEPSAKE|CHROMA)_[A-Z_]+\b/g)].map(([name]) => name);
  expect(named.filter((name) => !known.has(name))).toEqual([]);
  for (const [path] of page.matchAll(/deploy\/[\w.]+/g)) expect(existsSync(new URL(path, root)), path).toBe(true);
  const metrics = read('src/operation/metrics.ts');
  for (const [name] of page.matchAll(/keepsake_[a-z_]+/g)) {
    expect(metrics, name).toContain(name.replace(/_(bucket|count|sum)$/, ''));
  }
});
