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

  it('gives what stands in HTML as if it stood there without its tags, and nothing of comments, styles and scripts', async () => {
    const notes = `# Notes

<preferences>
I like green tea.
I work in Lyon.
</preferences>

<div class="family">My <b>only</b> sister is Ann.</div>

<details>
<summary>Pets</summary>

- I own a cat

</details>

<style-guide>
\`Promise<void>\` <br>is a type
\`\`\`ts
let a: Array<string>;
\`\`\`
</style-guide>

<pre>
# no heading
</pre>

<user>
  <rules>
    - Never call
      - on Sundays
    - 5 < 6 <https://example.org>
  </rules>
</user>

<ul><li>First</li><li>Second</li></ul>
<!-- nothing --> Beside a comment.

<style>p { color: red }</style>
<script>
let a = 1;

let b = 2;
</script>
<p align="center"><img src="logo.png"></p>

<section>
# Work
I paint.
</section>

> <div>
> quoted
> </div>

- Home
  <div>has a garden</div>
  <!-- nothing -->
`;
    expect(await textsOf('notes.md', notes)).toEqual([
      'Notes: I like green tea.\nI work in Lyon.',
      'Notes: My only sister is Ann.',
      'Notes: Pets',
      'Notes: I own a cat',
      'Notes: `Promise<void>` \nis a type',
      'Notes: let a: Array<string>;',
      'Notes: # no heading',
      'Notes > Never call: on Sundays',
      'Notes: 5 < 6 <https://example.org>',
      'Notes: First',
      'Notes: Second',
      'Notes: Beside a comment.',
      'Work: I paint.',
      'Work: quoted',
      'Work: Home\nhas a garden',
    ]);
  });

  it('bears HTML that never ends, or comes to be when tags are taken out', async () => {
    for (const opening of ['<div>', '<div <', '<!--', '<!a ', '<script>', '<div>\n', '<div>\n\n', '<p a="'])
      expect(await textsOf('endless.md', `<div>${opening.repeat(20_000)}\n\nI live in Lyon.`)).toContain('I live in Lyon.');
    expect(await textsOf('hidden.md', `<div>\n${'<<b>p>\n'.repeat(3)}I live in Lyon.\n`)).toEqual(['I live in Lyon.']);
    expect(await textsOf('deep.md', `<div>\n${'> '.repeat(20_000)}end\n</div>`)).toEqual(['end']);
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
