import { describe, expect, it } from 'vitest';
import { queryTerms, terms } from '../../../src/core/ranking/analysis.js';
import { withoutCaller } from '../../../src/core/ranking/caller.js';

const termsOfQuery = (query: string) => queryTerms(query).map(({ term }) => term);

describe('a query that names the user', () => {
  it.each([
    ["user's tattoo", 'tattoo'],
    ['the user birthday', 'birthday'],
    ['Haustiere des Nutzers', 'Haustiere'],
    ['color favorito del usuario', 'color favorito'],
    ['имя пользователя', 'имя'],
    ['用户的血型', '血型'],
    ['ユーザーの名前', '名前'],
    ['deployment details', 'deployment'],
  ])('asks for the rest: %s', (query, rest) => {
    expect(termsOfQuery(query)).toEqual(termsOfQuery(rest));
  });

  it('asks for the user where there is nothing else', () => {
    expect(withoutCaller("user's info")).toBe("user's info");
  });

  it.each(['how many users are there', 'user_id column', 'user@example.org'])('means users where it says so: %s', (query) => {
    expect(withoutCaller(query)).toBe(query);
  });

  it('matches memories that speak of users all the same', () => {
    expect(terms('The user lives in Leipzig')).toContain('user');
  });
});

describe('a query of one word', () => {
  it('is matched although another language has it as a function word', () => {
    expect(termsOfQuery('Kita')).toEqual(['kita']);
  });
});
