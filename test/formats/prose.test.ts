import { describe, expect, it } from 'vitest';
import { readAll } from './chunks.js';

const textsOf = async (name: string, content: string) =>
  (await readAll(name, content)).items.map((item) => (item.form === 'memory' ? item.text : item.form));

describe('Markdown', () => {
  it('gives items, paragraphs, rows and code under the headings and items that they stand under', async () => {
    const notes = `---
title: Notes
---

# Me

I live in Lisbon,
near the river.

## Pets
- Rex
  - is a dog
  - bites
- [ ] walk **him**
1. one

\`\`\`sh
npm test
\`\`\`

> quoted

| who | what |
| --- | --- |
| Ada | tea |
| Bob | |

<!-- nothing -->
---

# Work
* 喜欢喝茶
`;
    expect(await textsOf('notes.md', notes.replaceAll('\n', '\r\n'))).toEqual([
      'left out',
      'Me: I live in Lisbon,\nnear the river.',
      'Me > Pets > Rex: is a dog',
      'Me > Pets > Rex: bites',
      'Me > Pets: walk **him**',
      'Me > Pets: one',
      'Me > Pets: npm test',
      'Me > Pets: quoted',
      'Me > Pets: who: Ada; what: tea',
      'Me > Pets: who: Bob',
      'Work: 喜欢喝茶',
    ]);
  });

  it('takes a line in bold for a heading unless it ends like a sentence, and marks around a whole memory for none of it', async () => {
    const notes =
      '# **Me**\n\n**Work context**\n\nAda is a *botanist*.\n\n**Home**:\n\n- **Never ring.**\n- _**Cats**_\n\n**I am allergic to nuts.**\n\n# End\n\n*x*\n';
    expect(await textsOf('notes.md', notes)).toEqual([
      'Me > Work context: Ada is a *botanist*.',
      'Me > Home: Never ring.',
      'Me > Home: Cats',
      'Me > Home: I am allergic to nuts.',
      'End: x',
    ]);
  });

  it('bears marks that are nested without end', async () => {
    for (const mark of ['> ', '- ', '1. ', '>', '* - + ']) expect(await textsOf('deep.md', `${mark.repeat(20_000)}end`)).toHaveLength(1);
    const staircase = Array.from({ length: 2000 }, (_, level) => `${'  '.repeat(level)}- x`).join('\n');
    expect(await textsOf('stairs.md', staircase)).toHaveLength(1);
  });

  it('is read as plain text where the parser cannot take it', async () => {
    const lines = Array.from({ length: 200_000 }, (_, line) => `Line ${line} of one paragraph that goes on and on`);
    expect(await textsOf('long.md', lines.join('\n'))).toEqual(lines);
  });
});

describe('plain text', () => {
  it('gives its paragraphs, or its lines where there are none', async () => {
    expect(await textsOf('a.txt', 'One\nstill one\n\n \nTwo\n')).toEqual(['One\nstill one', 'Two']);
    expect(await textsOf('a.txt', '\ufeffOne\r\nTwo\r\n'.slice(1))).toEqual(['One', 'Two']);
  });
});
