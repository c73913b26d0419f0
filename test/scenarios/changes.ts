import { type Scenario, same } from './scenario.js';

const teas = ['breakfast', 'noon', 'work', 'night'].map((when) => `I drink oolong tea at ${when}.`);

function changedJob(now: string) {
  return [
    { event: 'ADD', memory: 'I work at Siemens.' },
    { event: 'ADD', memory: 'My wife works at Lufthansa.' },
    { event: 'ADD', memory: 'I live in Bremen.' },
    { event: 'UPDATE', memory: now, previous: 'I work at Siemens.' },
  ];
}

/** What coexists, what is superseded, and what is the same. */
export const changes: Scenario[] = [
  {
    title: 'Four likes and a dislike coexist',
    steps: same('I like mangoes.', 'I like peaches.', 'I like plums.', 'I like apples.', "I don't like bananas."),
    holds: ['I like mangoes.', 'I like peaches.', 'I like plums.', 'I like apples.', "I don't like bananas."],
    asked: [
      { query: 'bananas', finds: "I don't like bananas." },
      { query: 'plums', finds: 'I like plums.' },
    ],
  },
  {
    title: 'Four likes and a dislike coexist, in Chinese',
    steps: same('我喜欢芒果。', '我喜欢桃子。', '我喜欢李子。', '我喜欢苹果。', '我不喜欢香蕉。'),
    holds: ['我喜欢芒果。', '我喜欢桃子。', '我喜欢李子。', '我喜欢苹果。', '我不喜欢香蕉。'],
  },
  {
    title: 'A changed job supersedes exactly the old one',
    steps: [
      ...same('I work at Siemens.', 'My wife works at Lufthansa.', 'I live in Bremen.'),
      {
        said: 'I left Siemens and now work at Bosch.',
        model: {
          facts: [
            {
              quote: 'I left Siemens and now work at Bosch',
              text: 'I left Siemens and now work at Bosch.',
              entities: ['Siemens', 'Bosch'],
              updates: ['I work at Siemens.', 'I work at Bosch.'],
            },
          ],
        },
        results: { rules: [['UPDATE', 'I left Siemens and now work at Bosch.']], model: [['UPDATE', 'I work at Bosch.']] },
      },
    ],
    holds: {
      rules: ['I left Siemens and now work at Bosch.', 'My wife works at Lufthansa.', 'I live in Bremen.'],
      model: ['I work at Bosch.', 'My wife works at Lufthansa.', 'I live in Bremen.'],
    },
    asked: [
      {
        query: 'Where does the user work?',
        finds: { rules: 'I left Siemens and now work at Bosch.', model: 'I work at Bosch.' },
        lacks: 'I work at Siemens.',
      },
      { query: 'Where does the user work?', after: 3, finds: 'I work at Siemens.' },
    ],
    history: {
      rules: changedJob('I left Siemens and now work at Bosch.'),
      model: changedJob('I work at Bosch.'),
    },
  },
  {
    title: 'A changed job supersedes exactly the old one, in Chinese',
    steps: [
      ...same('我在华为工作。', '我太太在腾讯工作。', '我住在深圳。'),
      {
        said: '我从华为跳槽到小米了。',
        model: {
          facts: [
            {
              quote: '我从华为跳槽到小米了',
              text: '我从华为跳槽到小米了。',
              entities: ['小米'],
              updates: ['我在华为工作。', '我在小米工作。'],
            },
          ],
        },
        results: { rules: [['UPDATE', '我从华为跳槽到小米了。']], model: [['UPDATE', '我在小米工作。']] },
      },
    ],
    holds: {
      rules: ['我从华为跳槽到小米了。', '我太太在腾讯工作。', '我住在深圳。'],
      model: ['我在小米工作。', '我太太在腾讯工作。', '我住在深圳。'],
    },
    asked: [
      { query: '小米', finds: { rules: '我从华为跳槽到小米了。', model: '我在小米工作。' } },
      { query: '华为', lacks: '我在华为工作。' },
      { query: '华为', after: 3, finds: '我在华为工作。' },
    ],
  },
  {
    title: 'A dislike is kept as a first statement',
    steps: same("I don't like olives.", '我不喜欢香菜。'),
    holds: ["I don't like olives.", '我不喜欢香菜。'],
  },
  {
    title: 'What no longer holds is gone, and is found in the past',
    steps: [
      ...same('I like jogging.', 'I like rowing.', 'My brother likes jogging.'),
      {
        said: 'I no longer like jogging.',
        model: { facts: [{ quote: 'I no longer like jogging', text: 'I no longer like jogging.', deletes: 'I like jogging.' }] },
        results: [
          ['DELETE', 'I like jogging.'],
          ['ADD', 'I no longer like jogging.'],
        ],
      },
    ],
    holds: ['I no longer like jogging.', 'I like rowing.', 'My brother likes jogging.'],
    asked: [
      { query: 'jogging', lacks: 'I like jogging.' },
      { query: 'jogging', after: 3, finds: 'I like jogging.' },
    ],
  },
  {
    title: 'What no longer holds is gone, in Chinese',
    steps: [
      ...same('我喜欢跑步。', '我喜欢划船。', '我弟弟喜欢跑步。'),
      {
        said: '我不再喜欢跑步了。',
        model: { facts: [{ quote: '我不再喜欢跑步了', text: '我不再喜欢跑步了。', deletes: '我喜欢跑步。' }] },
        results: [
          ['DELETE', '我喜欢跑步。'],
          ['ADD', '我不再喜欢跑步了。'],
        ],
      },
    ],
    holds: ['我不再喜欢跑步了。', '我喜欢划船。', '我弟弟喜欢跑步。'],
  },
  {
    title: 'Ten posts of one message, in varying spelling, make one memory',
    steps: [
      ...same('My locker is number 88.'),
      ...[
        'My locker is number 88',
        'my locker is number 88!',
        'My  locker is number 88.',
        'MY LOCKER IS NUMBER 88',
        'Ｍｙ locker is number 88。',
      ]
        .concat(Array.from({ length: 4 }, () => 'My locker is number 88.'))
        .map((said) => ({ said, results: [['NONE', 'My locker is number 88.']] as [string, string][] })),
    ],
    holds: ['My locker is number 88.'],
  },
  {
    title: 'A fact of twenty memories ago is still a duplicate',
    steps: [
      ...same(
        'My blood type is AB negative.',
        ...Array.from({ length: 20 }, (_, index) => `Room ${index + 101} belongs to guest ${index + 1}.`),
      ),
      { said: 'My blood type is AB negative', results: [['NONE', 'My blood type is AB negative.']] },
    ],
    holds: [
      'My blood type is AB negative.',
      ...Array.from({ length: 20 }, (_, index) => `Room ${index + 101} belongs to guest ${index + 1}.`),
    ],
  },
  {
    title: 'Another number is news, never a duplicate',
    steps: same(
      'Printer A has the address 10.0.0.7.',
      'Printer B has the address 10.0.0.8.',
      'We tested release 2.4.1.',
      'We tested release 2.4.2.',
      'Call the plumber at 555-0171.',
      'Call the plumber at 555-0172.',
      '我2024年3月9日去过故宫。',
      '我2024年3月8日去过故宫。',
    ),
    holds: [
      'Printer A has the address 10.0.0.7.',
      'Printer B has the address 10.0.0.8.',
      'We tested release 2.4.1.',
      'We tested release 2.4.2.',
      'Call the plumber at 555-0171.',
      'Call the plumber at 555-0172.',
      '我2024年3月9日去过故宫。',
      '我2024年3月8日去过故宫。',
    ],
  },
  {
    title: 'A number that changed supersedes the old one',
    steps: [
      ...same('The build server is at 10.0.0.7.'),
      {
        said: 'The build server is now at 10.0.0.9.',
        model: {
          facts: [
            {
              quote: 'The build server is now at 10.0.0.9',
              text: 'The build server is now at 10.0.0.9.',
              updates: ['The build server is at 10.0.0.7.', 'The build server is at 10.0.0.9.'],
            },
          ],
        },
        results: { rules: [['UPDATE', 'The build server is now at 10.0.0.9.']], model: [['UPDATE', 'The build server is at 10.0.0.9.']] },
      },
    ],
    holds: { rules: ['The build server is now at 10.0.0.9.'], model: ['The build server is at 10.0.0.9.'] },
  },
  {
    title: 'A contradiction leaves at least one of the two',
    steps: [
      ...same('I am a morning person.'),
      {
        said: 'I am not a morning person.',
        model: {
          facts: [{ quote: 'I am not a morning person', text: 'I am not a morning person.', deletes: 'I am a morning person.' }],
        },
        results: {
          rules: [['UPDATE', 'I am not a morning person.']],
          model: [
            ['DELETE', 'I am a morning person.'],
            ['ADD', 'I am not a morning person.'],
          ],
        },
      },
    ],
    holds: ['I am not a morning person.'],
  },
  {
    title: 'Up to three close memories are named, so that the caller can correct them',
    steps: [
      ...same(...teas, 'I rent a garage in Basel.', 'My niece studies law.', 'The printer is called Gutenberg.', 'We ski in February.'),
      {
        said: 'I drink oolong tea at home.',
        model: { facts: [{ quote: 'I drink oolong tea at home', text: 'I drink oolong tea at home.' }] },
        results: [['ADD', 'I drink oolong tea at home.']],
        similar: 3,
      },
    ],
    holds: [
      ...teas,
      'I rent a garage in Basel.',
      'My niece studies law.',
      'The printer is called Gutenberg.',
      'We ski in February.',
      'I drink oolong tea at home.',
    ],
  },
];
