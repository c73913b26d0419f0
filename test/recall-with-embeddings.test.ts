import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readOwner } from '../src/store/chroma/handshake.js';
import { type FakeOpenAi, startFakeOpenAi } from './support/fake-openai.js';
import { temporaryHome } from './support/home.js';
import { isRunning } from './support/process-state.js';
import { type StartedServer, startServer, until } from './support/server.js';
import { conceptEmbedding, crowded, noiseEmbedding, type SyntheticEmbedding } from './support/synthetic-embeddings.js';

/** Words of one meaning, of which each memory and the query that asks for it have different ones. */
const meanings = [
  ['attorney', 'lawyer'],
  ['drafted', 'wrote'],
  ['testament', 'will'],
  ['physician', 'doctor'],
  ['prescribed', 'ordered'],
  ['ointment', 'salve'],
  ['purchased', 'bought'],
  ['automobile', 'car'],
];
const meaningOf = new Map(meanings.flatMap((words) => words.map((word) => [word, words[0]] as const)));
/** Words that say nothing, and what the end of a sentence leaves. */
const fillers = new Set(' a an and at for from has in is of on the this to was who which'.split(' '));
const synonyms = conceptEmbedding((word) => (fillers.has(word) ? undefined : (meaningOf.get(word) ?? word)));

const embeddings: Record<string, SyntheticEmbedding> = {
  centred: synonyms,
  // Of no family that is known by name.
  crowded: crowded(synonyms, 0.6),
  'very crowded': crowded(synonyms, 0.9),
  noise: noiseEmbedding,
  'crowded noise': crowded(noiseEmbedding, 0.7),
};

const story = 'An attorney in Tilburg drafted the testament';
/** What asks for it in other words, and for something more. */
const inOtherWords = 'Which lawyer wrote the will for Grandpa?';
const unrelatedQueries = ['quantum chromodynamics lattice', 'football rehearsal tomorrow', 'xylophone'];

/** Memories that have nothing to do with each other or with the story. */
const others = [
  'The kayak leaks near its rudder',
  'Basil needs watering on Mondays',
  'Granny collects porcelain owls',
  'Our printer jams with recycled paper',
  'Marathon training starts at sunrise',
  'The cellar smells of lavender',
  'Noor juggles flaming torches',
  'Rent rises by forty euros',
  'A blackbird nests above the porch',
  'Sourdough failed because of cold flour',
  'Tariq restores wooden clocks',
  'The elevator stops between floors',
  'Passwords rotate every quarter',
  'Choir practice moved to Thursday',
  'Goats escaped through a broken fence',
  'Milo sneezes around dandelions',
  'The backup tape is labelled green',
  'Cinnamon buns sell out by noon',
  'Figures in chapter nine are upside down',
  'Lighthouse tours resume after Easter',
  'Her violin lost its bridge',
  'Cables behind the cupboard hum',
  'Uncle Piet sails to Bornholm',
  'Six chairs need new cushions',
  'Snow closed the mountain pass',
  'Invoices go out on Fridays',
  'The hamster prefers walnuts',
  'A drone photographed the vineyard',
  'Umbrella stands are out of stock',
  'Beekeeping classes cost ninety',
  'Router firmware crashed twice',
  'Yellow tiles cracked overnight',
  'Ferries skip the island in winter',
  'Zoe repairs trombones',
  'Plaster dust ruined the carpet',
  'Voting happens inside the gymnasium',
  'Lemons arrived bruised',
  'The archive burned in 1911',
  'Kites are forbidden near runways',
  'Oskar whistles while ironing',
];

/** Waits until the Chroma of a home has ended, which it does after its last user. */
async function chromaEnds(home: string): Promise<void> {
  await until(async () => {
    const owner = await readOwner(join(home, 'chroma'));
    return !owner || !isRunning(owner.pid);
  });
}

describe.each(['embedded', 'chroma'])('recall with an embedding model and the %s store', (store) => {
  const servers = new Map<string, StartedServer>();
  let home: string;
  let fake: FakeOpenAi;

  beforeAll(async () => {
    home = await temporaryHome();
    fake = await startFakeOpenAi({ embedding: (text, model) => embeddings[model]?.(text) ?? [] });
  });
  afterAll(async () => {
    await Promise.all([...servers.values()].map((server) => server.stop()));
    if (store === 'chroma') await chromaEnds(home);
    await fake.close();
  });

  /** The server of the home with this embedding model; each test has its own users. */
  async function serverWith(model: string): Promise<StartedServer> {
    const env = { KEEPSAKE_STORE: store, KEEPSAKE_INFER: 'rules', KEEPSAKE_EMBEDDING_BASE_URL: fake.url, KEEPSAKE_EMBEDDING_MODEL: model };
    const server = servers.get(model) ?? (await startServer({ home, env }));
    servers.set(model, server);
    return server;
  }

  /** Remembers texts as they are, as memories of no run. */
  async function remember(server: StartedServer, texts: readonly string[], of: object): Promise<void> {
    const messages = texts.map((content) => ({ role: 'user', content }));
    const { isError, text, structured } = await server.call('remember', { messages, infer: false, ...of });
    if (isError || structured.degraded || structured.results.length < texts.length) throw new Error(text);
  }

  async function recall(server: StartedServer, query: string, of: object = {}) {
    const { structured, isError, text } = await server.call('recall', { query, ...of });
    if (isError) throw new Error(text);
    return structured;
  }

  const textsOf = ({ memories }: { memories: { memory: string }[] }) => memories.map(({ memory }) => memory);

  it.each(['centred', 'crowded', 'very crowded'])(
    'gives what shares no word with the query and nothing else, be there few memories or many (%s)',
    async (model) => {
      const server = await serverWith(model);
      for (const count of [1, 3, 10, 30, others.length]) {
        const of = { user_id: `${count} others of ${model}` };
        await remember(server, [...others.slice(0, count), story], of);
        const found = await recall(server, inOtherWords, of);
        expect(found.degraded).toBeUndefined();
        expect({ count, found: textsOf(found) }).toEqual({ count, found: [story] });
        for (const query of unrelatedQueries)
          expect({ count, query, found: textsOf(await recall(server, query, of)) }).toEqual({ count, query, found: [] });
      }
    },
  );

  it.each(['noise', 'crowded noise'])('gives what the words name first beside an embedding that knows nothing (%s)', async (model) => {
    const server = await serverWith(model);
    const of = { user_id: model };
    await remember(server, others, of);
    for (const memory of others) {
      const found = textsOf(await recall(server, memory.split(' ').slice(0, 3).join(' '), of));
      expect(found[0]).toBe(memory);
      // What shares no word with the query comes over the floor now and then.
      expect(found.length).toBeLessThanOrEqual(3);
    }
  });

  it('answers by words alone and says so while the model is down', async () => {
    const server = await serverWith('centred');
    const of = { user_id: 'down' };
    await remember(server, [...others.slice(0, 10), story], of);
    expect(textsOf(await recall(server, inOtherWords, of))).toEqual([story]);
    fake.fail('quota', Number.POSITIVE_INFINITY, 'embeddings');
    const degraded = [expect.stringMatching(/^embedding: .*words alone/)];
    expect(await recall(server, inOtherWords, of)).toMatchObject({ memories: [], degraded });
    expect(await recall(server, 'attorney in Tilburg', of)).toMatchObject({ memories: [{ memory: story }], degraded });
    await fake.restart();
    expect(textsOf(await recall(server, inOtherWords, of))).toEqual([story]);
  });

  it('scores what the words say about the same with a model and by words alone, so that min_score means the same', async () => {
    const queries = ['attorney Tilburg testament', 'The hamster prefers walnuts', 'who restores wooden clocks'];
    const scores = async (server: StartedServer, of: object) =>
      Promise.all(queries.map(async (query) => (await recall(server, query, of)).memories[0]?.score ?? 0));
    for (const model of ['centred', 'very crowded', 'noise']) {
      const server = await serverWith(model);
      const of = { user_id: `scores beside ${model}` };
      await remember(server, [...others, story], of);
      const beside = await scores(server, of);
      fake.fail('quota', Number.POSITIVE_INFINITY, 'embeddings');
      const alone = await scores(server, of);
      await fake.restart();
      for (const [place, score] of alone.entries()) {
        expect(score).toBeGreaterThan(0.5);
        expect(Math.abs((beside[place] ?? 0) - score)).toBeLessThan(0.15);
      }
    }
  });

  it('finds by meaning in several spaces, and what is closest first', async () => {
    const server = await serverWith('crowded');
    const user_id = 'several';
    await remember(server, [...others.slice(0, 5), 'Grandpa drafted a testament'], { user_id });
    await remember(server, [...others.slice(5, 10), story], { project: 'estate' });
    await remember(server, [...others.slice(10, 15), 'A physician prescribed the ointment'], { project: 'skin' });
    const all = { project: '*', user_id };
    const found = await recall(server, 'Which lawyer wrote the will in Tilburg', all);
    expect(textsOf(found)).toEqual([story, 'Grandpa drafted a testament']);
    expect(found.memories.map(({ space }) => space)).toEqual(['project:estate', 'user:several']);
    expect(textsOf(await recall(server, 'doctor ordered salve', all))).toEqual(['A physician prescribed the ointment']);
    expect(textsOf(await recall(server, 'doctor ordered salve', { project: 'estate' }))).toEqual([]);
  });

  it('finds by meaning in the past what still stands as it did then, and the rest by words', async () => {
    const server = await serverWith('centred');
    const of = { user_id: 'past' };
    await remember(server, [...others.slice(0, 5), story, 'He purchased an automobile'], of);
    const { memories } = await recall(server, 'automobile purchased', of);
    const { structured } = await server.call('forget', { memory_ids: [memories[0]?.id], ...of });
    expect(structured.forgotten).toHaveLength(1);
    const then = { as_of: memories[0]?.created_at, ...of };
    expect(textsOf(await recall(server, inOtherWords, then))).toEqual([story]);
    expect(textsOf(await recall(server, 'automobile', then))).toEqual(['He purchased an automobile']);
    expect(textsOf(await recall(server, 'bought car', of))).toEqual([]);
  });

  it('pages through what a search found by words and by meaning, each memory once', async () => {
    const server = await serverWith('crowded');
    const of = { user_id: 'pages', min_score: 0 };
    const people = ['lawyer', 'attorney', 'lawyer', 'doctor', 'physician'];
    const tales = people.map((who, number) => `The ${who} in room ${number} wrote letters`);
    await remember(server, [...others.slice(0, 20), ...tales], { user_id: 'pages' });
    const query = 'attorney drafted';
    const whole = textsOf(await recall(server, query, { limit: 100, ...of }));
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page: Awaited<ReturnType<typeof recall>> = await recall(server, query, { limit: 4, cursor, ...of });
      paged.push(...textsOf(page));
      cursor = page.next_cursor;
    } while (cursor !== undefined);
    expect(paged).toEqual(whole);
    expect(whole).toHaveLength(25);
    expect(new Set(whole.slice(0, 3))).toEqual(new Set(tales.filter((tale) => /attorney|lawyer/.test(tale))));
  });
});
