import type { Scenario } from './scenario.js';

/** A Wednesday. */
const at = '2026-03-11T09:00:00+00:00';

interface Dated {
  title: string;
  said: string;
  text: string;
  occurred_at: string;
  recurs?: string;
}

const rows: Dated[] = [
  {
    title: 'Next week',
    said: 'I fly to Malta next week.',
    text: 'User flies to Malta in the week of 2026-03-16.',
    occurred_at: '2026-03-16',
  },
  { title: 'Next week, in Chinese', said: '我下周去青岛出差。', text: '用户在2026-03-16那一周去青岛出差。', occurred_at: '2026-03-16' },
  {
    title: 'Tomorrow is my birthday',
    said: 'Tomorrow is my birthday.',
    text: "User's birthday is on 12 March.",
    occurred_at: '2026-03-12',
    recurs: 'yearly',
  },
  {
    title: 'Tomorrow is my birthday, in Chinese',
    said: '明天是我的生日。',
    text: '用户的生日是3月12日。',
    occurred_at: '2026-03-12',
    recurs: 'yearly',
  },
  {
    title: 'Two weeks ago',
    said: 'I adopted a greyhound two weeks ago.',
    text: 'User adopted a greyhound on 2026-02-25.',
    occurred_at: '2026-02-25',
  },
  {
    title: 'Two weeks ago, in Chinese',
    said: '两周前我领养了一只灰狗。',
    text: '用户在2026-02-25领养了一只灰狗。',
    occurred_at: '2026-02-25',
  },
];

/** Dates are counted from when something is said, not from when it arrives. */
export const dates: Scenario[] = rows.map(({ title, said, text, occurred_at, recurs }) => {
  const day = { occurred_at, ...(recurs === undefined ? {} : { recurs }) };
  return {
    title: `"${title}" is dated from when it is said`,
    steps: [
      {
        said,
        at,
        model: { facts: [{ quote: said.replace(/[.。]$/, ''), text, ...day }] },
        results: { rules: [['ADD', said]], model: [['ADD', text]] },
        dated: day,
      },
    ],
    holds: { rules: [said], model: [text] },
  };
});
