import { expect, it } from 'vitest';
import { KeepsakeError } from '../../src/core/errors.js';
import { projectSpace, userSpace } from '../../src/core/space.js';

const codeOf = (make: () => unknown) => {
  try {
    return make();
  } catch (error) {
    return error instanceof KeepsakeError ? error.code : error;
  }
};

it('names are compared exactly after NFC', () => {
  expect(userSpace('Zoe\u0308')).toBe('user:Zoë');
  expect(userSpace('Ann')).not.toBe(userSpace('ann'));
  expect(projectSpace('a/b')).toBe('project:a/b');
});

it('a name has 1 to 128 code points, counted after NFC', () => {
  expect(codeOf(() => userSpace('😀'.repeat(128)))).toBe(`user:${'😀'.repeat(128)}`);
  expect(codeOf(() => userSpace('e\u0301'.repeat(128)))).toBe(`user:${'é'.repeat(128)}`);
  expect(codeOf(() => userSpace('x'.repeat(129)))).toBe('invalid_argument');
  expect(codeOf(() => userSpace(''))).toBe('invalid_argument');
});

it.each(['a\0', 'a\nb', '\x7f', '\x85', '\ud800', 'a\udc00b'])('the name %j is refused', (name) => {
  expect(codeOf(() => userSpace(name))).toBe('invalid_argument');
  expect(codeOf(() => projectSpace(name))).toBe('invalid_argument');
});

it('"." and "*" are users but not projects', () => {
  expect(userSpace('*')).toBe('user:*');
  expect(codeOf(() => projectSpace('.'))).toBe('invalid_argument');
  expect(codeOf(() => projectSpace('*'))).toBe('invalid_argument');
});
