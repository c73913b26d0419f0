import { readdir, readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import type { HistoryEvent } from '../../src/core/answers.js';
import type { ActivityEntry } from '../../src/web/api.js';
import { byCall } from '../../src/web/app/calls.js';
import { filtersOf, readChosen } from '../../src/web/app/list-filters.js';
import { forgottenIn, standingOf } from '../../src/web/app/memory-life.js';
import { reasonIn } from '../../src/web/app/reasons.js';
import { spaceRequest } from '../../src/web/app/scope.js';
import { strings as chinese } from '../../src/web/app/strings.zh.js';
import { diffWords } from '../../src/web/app/word-diff.js';

const event = (name: HistoryEvent['event'], id: string, revision: number, memory = `${id} ${revision}`): HistoryEvent => ({
  event_id: `${name} ${id} ${revision}`,
  call_id: 'call',
  at: '2026-03-09T12:00:00Z',
  event: name,
  memory_id: id,
  revision,
  memory,
});

describe('what changed between two texts', () => {
  it('is told by whole words', () => {
    expect(diffWords('I live in Lisbon.', 'I live in Porto.')).toEqual([
      { change: 'same', text: 'I live in ' },
      { change: 'removed', text: 'Lisbon' },
      { change: 'added', text: 'Porto' },
      { change: 'same', text: '.' },
    ]);
  });

  it('is told by words where no spaces stand between them', () => {
    const parts = diffWords('我住在上海。', '我住在北京。');
    expect(parts.filter(({ change }) => change !== 'same').map(({ text }) => text)).toEqual(['上海', '北京']);
  });

  it('leaves both texts whole, however much of them changed', () => {
    const [before, after] = [0, 1].map((offset) => Array.from({ length: 3000 }, (_, index) => `w${2 * index + offset}`).join(' ')) as [
      string,
      string,
    ];
    const parts = diffWords(before, after);
    const side = (without: string) =>
      parts
        .filter(({ change }) => change !== without)
        .map(({ text }) => text)
        .join('');
    expect(side('added')).toBe(before);
    expect(side('removed')).toBe(after);
  });
});

describe('what a history says', () => {
  it('of a memory: live, forgotten, brought back or erased, with its last words', () => {
    const life = [event('ADD', 'a', 1), event('UPDATE', 'a', 2)];
    expect(standingOf(life)).toEqual({ status: 'live', revision: 2, text: 'a 2' });
    expect(standingOf([...life, event('CONFIRM', 'a', 1)])).toEqual({ status: 'live', revision: 2, text: 'a 2' });
    expect(standingOf([...life, event('DELETE', 'a', 2)])).toEqual({ status: 'forgotten', revision: 2, text: 'a 2' });
    expect(standingOf([...life, event('DELETE', 'a', 2), event('RESTORE', 'a', 3)]).status).toBe('live');
    expect(standingOf([...life, event('ERASE', 'a', 2)])).toEqual({ status: 'erased', revision: 2, text: '' });
  });

  it('of a space: what is forgotten by now, each memory once', () => {
    const newestFirst = [
      event('RESTORE', 'back', 2),
      event('DELETE', 'twice', 3),
      event('ERASE', 'gone', 1),
      event('DELETE', 'gone', 1),
      event('RESTORE', 'twice', 3),
      event('DELETE', 'twice', 2),
      event('DELETE', 'back', 1),
    ];
    expect(forgottenIn(newestFirst).map(({ event_id }) => event_id)).toEqual(['DELETE twice 3']);
  });
});

it('of an activity, what one call did is one entry, at its latest part', () => {
  const entry = (call_id: string, id: string, rest: Partial<ActivityEntry> = {}): ActivityEntry => {
    return { at: `2026-03-09T12:00:00Z ${id}`, call_id, space: 'user:mei', did: 'ADD', memories: [{ id }], count: 1, ...rest };
  };
  const entries = [entry('x', '4'), entry('y', '3'), entry('x', '2', { imported: true }), entry('x', '1', { did: 'DELETE' })];
  expect(byCall(entries)).toEqual([
    entry('x', '4', { memories: [{ id: '4' }, { id: '2' }], count: 2, imported: true }),
    entry('y', '3'),
    entry('x', '1', { did: 'DELETE' }),
  ]);
});

it('what the program gives as a reason is translated, and what others say is not', () => {
  const id = 'k3v9x0q2m7b1ad';
  const inChinese = (words: string) => reasonIn(chinese.reasons, words);
  expect(inChinese('corrected by id')).toBe('按编号更正');
  expect(inChinese(`new job; superseded by ${id}`)).toBe(`new job; 被 ${id} 取代`);
  expect(inChinese(`derived from ${id}, ${id}`)).toBe(`由 ${id}, ${id} 归纳而来`);
  expect(inChinese('undo of 01980f6e-7c1a-7a44-b2d3-0a1b2c3d4e5f')).toBe('撤销调用 01980f6e-7c1a-7a44-b2d3-0a1b2c3d4e5f');
  expect(inChinese('the fern is gone; really')).toBeUndefined();
});

describe('what an address says', () => {
  it('narrows a list by what it knows, and by nothing else', () => {
    const chosen = readChosen(new URLSearchParams('kind=insight&pinned=yes&month=2026-03&kinds=x&about=you'));
    expect(filtersOf(chosen)).toEqual({ kind: 'insight', pinned: true, created_at: '2026-03' });
    expect(filtersOf(readChosen(new URLSearchParams('kind=nonsense')))).toBeUndefined();
  });

  it('finds what is about the person alone', () => {
    expect(filtersOf(readChosen(new URLSearchParams('about=me')))).toEqual({ not: { subject: { contains: '' } } });
  });
});

it('who speaks for any user says whose project memory is meant', () => {
  const spaces = [{ space: 'user:mei' as const, mayWrite: true }];
  expect(spaceRequest('project:maps', { user: 'mei', spaces })).toEqual({ project: 'maps' });
  expect(spaceRequest('project:maps', { spaces })).toEqual({ project: 'maps', user_id: 'mei' });
  expect(spaceRequest('user:a:b', { user: 'mei', spaces })).toEqual({ user_id: 'a:b' });
});

describe('the bundle', () => {
  const file = (name: string) => readFile(fileURLToPath(new URL(`../../dist/web/${name}`, import.meta.url)), 'utf8');

  it('is small: nothing of the server is in it', async () => {
    expect((await file('dashboard.js')).length).toBeLessThan(120_000);
  });

  it('makes no markup of texts', async () => {
    const sources = await file('dashboard.js');
    expect(sources).not.toMatch(/insertAdjacentHTML|document\.write|\beval\(|new Function/);
  });

  it('has no script, style or event handler in its page', async () => {
    const page = await file('index.html');
    expect(page).not.toMatch(/<style|<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=/);
  });
});

it('the pages take nothing but types from the core and from the server', async () => {
  const folder = fileURLToPath(new URL('../../src/web/app', import.meta.url));
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  expect(names.length).toBeGreaterThan(50);
  for (const name of names) {
    const outside = relative(folder, join(folder, name, '..'))
      .split('/')
      .filter(Boolean).length;
    const imports = [...(await readFile(join(folder, name), 'utf8')).matchAll(/^import (type )?[^;]*? from '([^']+)';$/gm)];
    const values = imports.filter(([, type, from = '']) => !type && from.startsWith('../'.repeat(outside + 1)));
    expect([name, values.map(([line]) => line)]).toEqual([name, []]);
  }
});
