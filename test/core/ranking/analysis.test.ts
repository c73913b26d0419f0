import { describe, expect, it } from 'vitest';
import { terms, words } from '../../../src/core/ranking/analysis.js';

const shared = (left: string, right: string) => terms(left).filter((term) => terms(right).includes(term));

describe('Words', () => {
  it('are lower case, without accents, possessives and apostrophes', () => {
    expect(words("Zoë’s CAFÉ isn't Łódź")).toEqual(['zoe', 'cafe', 'isnt', 'lodz']);
    expect(words('Ｆｕｌｌ ｗｉｄｔｈ １２')).toEqual(['full', 'width', '12']);
  });

  it('keep accents where they make another letter', () => {
    expect(words('й が 한국')).toEqual(['й', 'が', '한', '한국', '국']);
  });

  it('read scripts without spaces as characters and pairs', () => {
    expect(words('我住Oslo很久')).toEqual(['我', '我住', '住', 'oslo', '很', '很久', '久']);
  });

  it.each(['ERR_DLOPEN_FAILED', 'a.b@c.org', '/etc/hosts', 'v1.2.3', '192.168.0.1', 'C++', 'keepsake-mcp2'])(
    'keep %s whole beside its parts',
    (text) => {
      const found = words(`see ${text}, please`);
      expect(found).toContain(text.toLowerCase().replace(/^\//, ''));
      expect(found.length).toBeGreaterThan(2);
    },
  );

  it('leave a hyphenated word in its parts', () => {
    expect(words('well-known')).toEqual(['well', 'known']);
  });

  it('stay short and quick in a text without spaces', () => {
    expect(words('a'.repeat(200_000))).toEqual([expect.stringMatching(/^a{48}…\w+$/)]);
    expect(words('a'.repeat(200_001))).not.toEqual(words('a'.repeat(200_000)));
    expect(words('a.'.repeat(100_000)).length).toBeGreaterThan(0);
  });
});

describe('Terms', () => {
  it.each([
    ['I went running', 'she goes for a run'],
    ['my kids', 'her child'],
    ['cities', 'the city'],
    ['他们喜欢音乐', '音乐'],
    ['Müllers', 'muller'],
    ["Ankara'da", 'Ankara'],
    ["l'été", 'ete'],
    ["un'amica", 'amica'],
    ['İSTANBUL', 'istanbul'],
    ['貓', '猫'],
    ['ネコ', 'ねこ'],
    ['می\u200cخواهم', 'میخواهم'],
    ['книгами', 'книгу'],
    ['ёлка', 'елка'],
    ['ΣΚΎΛΟΣ', 'σκυλος'],
    ['والكِتاب', 'كتاب'],
    ['הַסְּפָרִים', 'ספר'],
    ['लड़कों', 'लड़का'],
    ['١٢٣', '123'],
    ['Die Katzen und der Hund', 'Eine Katze ist hier'],
  ])('of "%s" meet those of "%s"', (left, right) => {
    expect(shared(left, right)).not.toEqual([]);
  });

  it('are none for function words', () => {
    expect(terms('What did you do, and where were they?')).toEqual([]);
    expect(terms('的 了 吗')).toEqual([]);
  });
});
