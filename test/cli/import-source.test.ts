import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { openSource } from '../../src/cli/import-source.js';
import { itemsIn, shapeOf } from '../../src/formats/format.js';
import type { Item } from '../../src/formats/item.js';
import { temporaryHome } from '../support/home.js';
import { zipOf } from '../support/zip.js';

let folder = '';
beforeAll(async () => {
  folder = await temporaryHome();
});

async function read(name: string, content: string | Buffer): Promise<Item[]> {
  const path = join(folder, name);
  await writeFile(path, content);
  const { documents } = await openSource(path);
  const items: Item[] = [];
  for (const document of documents) for await (const item of itemsIn(document, await shapeOf(document))) items.push(item);
  return items;
}

describe('what is imported', () => {
  it.each([
    ['slip.zip', zipOf({ '../conversations.json': '[]' }), 'invalid relative path'],
    ['absolute.zip', zipOf({ '/conversations.json': '[]' }), 'absolute path'],
    ['bomb.zip', zipOf({ 'conversations.json': '[' }, 4_000_000_000), 'it would unpack from 3 to 4000000000 bytes'],
    ['short.zip', zipOf({ 'conversations.json': `[${' '.repeat(5000)}` }, 10), 'cannot be unpacked'],
    ['other.zip', zipOf({ 'picture.png': 'x' }), 'holds neither conversations.json nor memories.json'],
    ['broken.zip', 'PK\x03\x04 and nothing else', 'it is no readable archive'],
    ['broken.jsonl.gz', Buffer.from([0x1f, 0x8b, 1, 2, 3]), 'cannot be read'],
    ['latin1.txt', Buffer.from('Café am Eck', 'latin1'), 'latin1.txt, after 0 bytes: it is not written in UTF-8'],
    ['odd.json', '{"a": 1}', 'it is not an export of Keepsake'],
    ['deep.json', `[{"mapping":${'['.repeat(5000)}`, 'nested more than 200 levels'],
    ['sheet.csv', 'id,name\n1,x\n', 'there is no column "text"'],
    ['ragged.csv', 'id,text\n1,"x\n', 'ragged.csv, line'],
  ])('is refused where it is a trap or damaged: %s', async (name, content, says) => {
    await expect(read(name, content)).rejects.toMatchObject({ code: 'invalid_argument', message: expect.stringContaining(says) });
  });

  it('is refused where it is not there, or a folder with nothing in it', async () => {
    await mkdir(join(folder, 'empty'));
    await expect(openSource(join(folder, 'nowhere'))).rejects.toThrow('cannot be read');
    await expect(openSource(join(folder, 'empty'))).rejects.toThrow('holds neither conversations.json nor memories.json');
  });

  it('may begin with the letters that archives begin with', async () => {
    expect(await read('parks.txt', 'PK is short for park.')).toMatchObject([{ text: 'PK is short for park.' }]);
    expect(await read('short.txt', 'PK')).toMatchObject([{ text: 'PK' }]);
  });

  it('may be a row of a table that cannot be, which is named while the others are read', async () => {
    const rows = 'text,said_at,space,metadata\nOne,2024-13-45,,\nTwo,,team:x,\nThree,,,{oops\nFour,2024-03-09,user:ann,"{""a"":1}"\n';
    expect(await read('rows.csv', rows)).toEqual([
      { form: 'left out', where: 'the row that ends in line 2', reason: expect.stringContaining('it is not a time') },
      { form: 'left out', where: 'the row that ends in line 3', reason: expect.stringContaining('team:x is no name of a space') },
      { form: 'left out', where: 'the row that ends in line 4', reason: expect.stringContaining('JSON') },
      { form: 'memory', text: 'Four', kind: 'observation', at: '2024-03-09T00:00:00.000Z', space: 'user:ann', metadata: { a: 1 } },
    ]);
  });
});
