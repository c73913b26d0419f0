import { type Scenario, same } from './scenario.js';

const odd = [
  'I love 🏄🏽‍♀️ and 🦘 in 🇦🇺!',
  'שמי דנה ואני גרה בחיפה.',
  'أسكن في عمّان منذ عام ٢٠١٩.',
  'My tag is \u202Eabc\u202C, said Lee.',
  'I spell it Zoe\u0308, never Zoe.',
];

const elsewhere = [
  'Ich wohne in Graz.',
  'Ich wohne nicht mehr in Graz, sondern in Linz.',
  'Je travaille chez Michelin.',
  'Je ne travaille plus chez Michelin.',
  'Me gusta el té verde.',
  'Ya no me gusta el té verde.',
  '私は京都に住んでいます。',
  '私はもう京都に住んでいません。',
  '저는 부산에 살아요.',
  '저는 이제 부산에 살지 않아요.',
  'Я работаю в Яндексе.',
  'Я больше не работаю в Яндексе.',
  'أحب القهوة العربية.',
  'لم أعد أحب القهوة العربية.',
];

const secret = `sk-proj-${'a1B2c3D4e5F6g7H8'.repeat(3)}`;

/** Whatever the text is made of. */
export const texts: Scenario[] = [
  { title: 'Emoji, right-to-left text and marks are kept as they are', steps: same(...odd), holds: odd },
  {
    title: 'Lone surrogates and control characters do no harm',
    steps: [
      {
        said: 'My \ud800 boat \u0007is called\u0000 Nele.',
        model: { facts: [{ quote: 'is called', text: 'User has a boat called Nele.', entities: ['Nele'] }] },
        results: { rules: [['ADD', 'My \uFFFD boat is called Nele.']], model: [['ADD', 'User has a boat called Nele.']] },
      },
    ],
    holds: { rules: ['My \uFFFD boat is called Nele.'], model: ['User has a boat called Nele.'] },
  },
  {
    title: 'A secret in the middle is taken out, and the rest is kept',
    steps: [
      {
        said: `I deploy with Fly, my key is ${secret} and my region is Oslo.`,
        model: { facts: [{ quote: 'I deploy with Fly', text: 'User deploys with Fly to the region Oslo.', entities: ['Fly'] }] },
        results: {
          rules: [['ADD', 'I deploy with Fly, my key is [redacted: OpenAI key] and my region is Oslo.']],
          model: [['ADD', 'User deploys with Fly to the region Oslo.']],
        },
        skipped: [['OpenAI key', 'secret']],
      },
    ],
    holds: {
      rules: ['I deploy with Fly, my key is [redacted: OpenAI key] and my region is Oslo.'],
      model: ['User deploys with Fly to the region Oslo.'],
    },
  },
  {
    title: 'In other languages rules keep every statement and change none',
    steps: same(...elsewhere),
    holds: elsewhere,
  },
];
