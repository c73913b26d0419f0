// A pleasant invented life of two years, in English and Chinese, told to several assistants: what screenshots and browser tests look at.
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('../dist/index.js', import.meta.url));

/** What Lin Mei told, by day; `as` are the assistants. Names lead to what is done with a memory later. */
const told = [
  { day: '2024-11-04', as: 'claude-desktop', text: 'I live in Lisbon, in a small flat in Graça with a view of the river.', name: 'home' },
  { day: '2024-11-04', as: 'claude-desktop', text: 'Call me Mei.', pinned: true },
  { day: '2024-11-19', as: 'claude-desktop', text: 'I work as a restorer of old maps at the city archive.', name: 'work' },
  { day: '2024-12-02', as: 'claude-code', text: 'My sister Ana lives in Porto and teaches the cello.', about: 'Ana' },
  { day: '2024-12-21', as: 'claude-desktop', text: 'Ana is allergic to walnuts.', about: 'Ana', pinned: true },
  { day: '2025-01-08', as: 'claude-desktop', text: '我的猫叫豆豆，它最怕打雷。', about: '豆豆' },
  { day: '2025-01-30', as: 'cursor', text: 'I write the catalogue of the archive in Rust, and prefer small functions without comments.' },
  { day: '2025-03-03', as: 'claude-desktop', text: '我每周三晚上去学陶艺，老师姓周。', about: '周老师' },
  { day: '2025-03-17', as: 'cursor', text: 'The door code of the workshop is 4711.', name: 'code' },
  { day: '2025-04-12', as: 'claude-desktop', text: 'The smell of oranges reminds me of the house in Hangzhou.' },
  { day: '2025-05-06', as: 'claude-desktop', text: 'Tomás, who runs the book fair, wants a talk about sea charts.', about: 'Tomás' },
  { day: '2025-05-20', as: 'claude-desktop', text: 'Tomás likes his coffee with cardamom.', about: 'Tomás' },
  {
    day: '2025-06-02',
    as: 'claude-code',
    text: 'To print a chart: scale it to 1:50,000, use the heavy paper, and dry it flat for a day.',
    kind: 'procedure',
  },
  { day: '2025-06-18', as: 'claude-desktop', text: 'My favourite tea is jasmine, without sugar.', name: 'tea' },
  { day: '2025-07-09', as: 'claude-desktop', text: '妈妈八月从杭州来看我，住两个星期。', about: '妈妈' },
  { day: '2025-08-01', as: 'claude-desktop', text: '妈妈不吃辣，喜欢清蒸鱼。', about: '妈妈' },
  { day: '2025-09-15', as: 'cursor', text: 'The catalogue is deployed every Thursday at noon.' },
  { day: '2025-10-13', as: 'claude-desktop', text: 'I finished the half marathon in Évora in 1 hour 58 minutes.' },
  { day: '2025-11-02', as: 'claude-desktop', text: 'Ana plays the Elgar concerto in Coimbra in March 2026.', about: 'Ana' },
  { day: '2026-01-17', as: 'claude-desktop', text: 'I am reading "The Box Man" by Kōbō Abe, slowly.' },
  { day: '2026-02-08', as: 'claude-desktop', text: '我在学法语，每天早上半小时。' },
  { day: '2026-03-22', as: 'claude-desktop', text: 'Ana and I want to walk the coast from Porto Covo to Lagos in May 2027.', about: 'Ana' },
  { day: '2026-04-05', as: 'claude-code', text: 'The map of 1755 needs Japanese paper of 3 grams for its torn fold.' },
  { day: '2026-05-28', as: 'claude-desktop', text: 'Tomás moved the book fair to the first week of June.', about: 'Tomás' },
  { day: '2026-06-30', as: 'claude-desktop', text: 'On Sundays I bake bread with a sourdough called Ofélia.' },
  { day: '2026-08-19', as: 'claude-desktop', text: '豆豆打了疫苗，兽医说它该减肥了。', about: '豆豆' },
  { day: '2026-09-12', as: 'claude-desktop', text: 'I would like to see the northern lights before I am forty.' },
  { day: '2026-10-03', as: 'cursor', text: 'The archive moves its servers to Évora next spring.' },
  { day: '2026-10-21', as: 'claude-desktop', text: 'Never suggest restaurants with loud music.', pinned: true },
];

/** What became of it. */
const then = [
  { day: '2025-08-25', as: 'claude-desktop', name: 'home', content: 'I live in Porto now, in a house with a garden near the sea.' },
  { day: '2025-09-10', as: 'claude-desktop', name: 'tea', content: 'My favourite tea is jasmine, with a little honey.' },
  { day: '2025-12-14', as: 'claude-desktop', name: 'work', content: 'I lead the restoring of old maps at the city archive.' },
  { day: '2026-02-20', as: 'cursor', name: 'home', content: 'I live in Porto, in a house with a garden two streets from the sea.' },
];

/** Projects have a memory of their own. */
const project = [
  { day: '2025-09-01', text: 'The API of the catalogue answers in JSON, with dates as ISO 8601.' },
  { day: '2026-03-02', text: 'Tests run with cargo nextest; the slow ones are marked and run at night.' },
];

const noon = (day) => Date.parse(`${day}T12:00:00Z`);

/** Two conclusions, each from what is said of one person or habit. */
const reflector = {
  name: 'story',
  async reflect({ memories }) {
    const numbers = (pattern) => memories.flatMap(({ text }, index) => (pattern.test(text) ? [index] : []));
    const add = (text, pattern) => ({ action: 'ADD', text, sources: numbers(pattern) });
    return [
      add('Mei plans her year around what Ana plays and where they can walk together.', /Ana/),
      add('家人来访时，米饭、清蒸鱼和安静的地方最合适。', /妈妈|loud music/),
    ];
  },
};

/**
 * Fills a home with the story, by the library of the built program; resolves with the ids of the memories that have a
 * name. Days are as far from `today` as they are from 21 November 2026 in the story.
 */
export async function fillHome(home, { today = Date.now() } = {}) {
  const { openKeepsake } = await import(program);
  const shift = today - noon('2026-11-21');
  let now = 0;
  const clock = { now: () => now };
  const opened = new Map();
  const ids = {};
  const as = async (client) => {
    const settings = { home, client, clock, user: 'mei', zone: 'UTC', store: 'embedded', infer: 'rules', reflect: 0 };
    if (!opened.has(client)) opened.set(client, await openKeepsake({ ...settings, models: { reflector } }));
    return opened.get(client);
  };
  const steps = [...told, ...then, ...project.map((each) => ({ ...each, as: 'claude-code', project: 'map-catalogue' }))];
  try {
    for (const step of steps.sort((a, b) => a.day.localeCompare(b.day))) {
      now = noon(step.day) + shift;
      const keepsake = await as(step.as);
      if (step.content) await keepsake.correct(ids[step.name], { content: step.content });
      else {
        const labels = { kind: step.kind, pinned: step.pinned, project: step.project, run_id: `${step.as}-${step.day}` };
        const turn = { role: 'user', content: step.text, ...(step.about && !/^(?:The|To) /.test(step.text) ? { name: step.about } : {}) };
        const { results } = await keepsake.remember(step.about ? [turn] : step.text, { ...labels, infer: false });
        if (step.name) ids[step.name] = results[0].id;
      }
    }
    const [desktop, cursor] = [await as('claude-desktop'), await as('cursor')];
    now = noon('2026-11-10') + shift;
    await desktop.reflect();
    now = noon('2026-11-18') + shift;
    await cursor.forget(ids.code, { reason: 'the workshop has a new lock' });
    now = noon('2026-11-20') + shift;
    await desktop.profile();
    now += 60_000;
    await cursor.recall('How do I print a chart?');
    now += 3_600_000;
    await desktop.recall('Where does my sister live?');
    return ids;
  } finally {
    for (const keepsake of opened.values()) await keepsake.close();
  }
}
