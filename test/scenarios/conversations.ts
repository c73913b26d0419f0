import { type Scenario, same } from './scenario.js';

/** What of a conversation is worth keeping, and whose it is. */
export const conversations: Scenario[] = [
  {
    title: 'A hobby is found by a paraphrase',
    steps: same('My hobby is painting.', 'I enjoy cycling along the river.', 'I work at Siemens.'),
    holds: ['My hobby is painting.', 'I enjoy cycling along the river.', 'I work at Siemens.'],
    asked: [
      { query: 'pastimes', finds: 'My hobby is painting.', lacks: 'I work at Siemens.' },
      { query: 'What are my hobbies?', finds: 'I enjoy cycling along the river.', lacks: 'I work at Siemens.' },
    ],
  },
  {
    title: 'A hobby is found by a paraphrase, in Chinese',
    steps: same('我的爱好是攀岩。', '我在华为上班。', '我住在深圳。'),
    holds: ['我的爱好是攀岩。', '我在华为上班。', '我住在深圳。'],
    asked: [{ query: '我的兴趣是什么？', finds: '我的爱好是攀岩。', lacks: '我住在深圳。' }],
  },
  {
    title: 'Of seven messages three are worth keeping',
    steps: [
      {
        said: [
          { role: 'user', content: 'Hi there!' },
          { role: 'user', content: 'I work as a vet in Ghent.' },
          { role: 'user', content: 'Can you translate this menu for me?' },
          { role: 'user', content: 'My daughter is allergic to peanuts.' },
          { role: 'user', content: 'What is the capital of Peru?' },
          { role: 'user', content: 'Thank you!' },
          { role: 'user', content: 'I run ten kilometres every Saturday.' },
        ],
        model: {
          facts: [
            { turn: 1, quote: 'I work as a vet in Ghent', text: 'User works as a vet in Ghent.', entities: ['Ghent'] },
            { turn: 3, quote: 'My daughter is allergic to peanuts', text: "User's daughter is allergic to peanuts." },
            { turn: 6, quote: 'I run ten kilometres every Saturday', text: 'User runs ten kilometres every Saturday.' },
          ],
          skipped: [
            { text: 'Hi there!', reason: 'small talk' },
            { text: 'Can you translate this menu for me?', reason: 'request' },
            { text: 'What is the capital of Peru?', reason: 'question' },
            { text: 'Thank you!', reason: 'small talk' },
          ],
        },
        results: {
          rules: [
            ['ADD', 'I work as a vet in Ghent.'],
            ['ADD', 'My daughter is allergic to peanuts.'],
            ['ADD', 'I run ten kilometres every Saturday.'],
          ],
          model: [
            ['ADD', 'User works as a vet in Ghent.'],
            ['ADD', "User's daughter is allergic to peanuts."],
            ['ADD', 'User runs ten kilometres every Saturday.'],
          ],
        },
        skipped: {
          rules: [
            ['Hi there!', 'small talk'],
            ['translate this menu', 'question'],
            ['capital of Peru', 'question'],
            ['Thank you', 'small talk'],
          ],
          model: [
            ['Hi there!', 'small talk'],
            ['translate this menu', 'request'],
            ['capital of Peru', 'question'],
            ['Thank you', 'small talk'],
          ],
        },
      },
    ],
    holds: {
      rules: ['I work as a vet in Ghent.', 'My daughter is allergic to peanuts.', 'I run ten kilometres every Saturday.'],
      model: ['User works as a vet in Ghent.', "User's daughter is allergic to peanuts.", 'User runs ten kilometres every Saturday.'],
    },
  },
  {
    title: 'Of seven messages three are worth keeping, in Chinese',
    steps: [
      {
        said: [
          { role: 'user', content: '你好！' },
          { role: 'user', content: '我在苏州当兽医。' },
          { role: 'user', content: '帮我翻译一下这份菜单。' },
          { role: 'user', content: '我女儿对花生过敏。' },
          { role: 'user', content: '秘鲁的首都是哪里？' },
          { role: 'user', content: '好的，谢谢！' },
          { role: 'user', content: '我每周六跑十公里。' },
        ],
        model: {
          facts: [
            { turn: 1, quote: '我在苏州当兽医', text: '用户在苏州当兽医。', entities: ['苏州'] },
            { turn: 3, quote: '我女儿对花生过敏', text: '用户的女儿对花生过敏。' },
            { turn: 6, quote: '我每周六跑十公里', text: '用户每周六跑十公里。' },
          ],
          skipped: [
            { text: '你好！', reason: '寒暄' },
            { text: '帮我翻译一下这份菜单。', reason: '请求' },
            { text: '秘鲁的首都是哪里？', reason: '提问' },
            { text: '好的，谢谢！', reason: '寒暄' },
          ],
        },
        results: {
          rules: [
            ['ADD', '我在苏州当兽医。'],
            ['ADD', '我女儿对花生过敏。'],
            ['ADD', '我每周六跑十公里。'],
          ],
          model: [
            ['ADD', '用户在苏州当兽医。'],
            ['ADD', '用户的女儿对花生过敏。'],
            ['ADD', '用户每周六跑十公里。'],
          ],
        },
        skipped: {
          rules: [
            ['你好', 'small talk'],
            ['翻译', 'request'],
            ['秘鲁', 'question'],
            ['谢谢', 'small talk'],
          ],
          model: [
            ['你好', '寒暄'],
            ['翻译', '请求'],
            ['秘鲁', '提问'],
            ['谢谢', '寒暄'],
          ],
        },
      },
    ],
    holds: {
      rules: ['我在苏州当兽医。', '我女儿对花生过敏。', '我每周六跑十公里。'],
      model: ['用户在苏州当兽医。', '用户的女儿对花生过敏。', '用户每周六跑十公里。'],
    },
  },
  {
    title: 'Fiction, hypotheticals, questions, requests and role play are left out, each with its reason',
    steps: [
      {
        said: [
          { role: 'user', content: 'In my novel the hero lives in Atlantis and hates the sea.' },
          { role: 'user', content: 'If I won the lottery I would buy a castle.' },
          { role: 'user', content: 'Where does the Danube end?' },
          { role: 'user', content: 'Please write a haiku about rain.' },
          { role: 'user', content: "Let's role-play: I am a pirate and I own a parrot." },
        ],
        model: {
          skipped: [
            { text: 'In my novel the hero lives in Atlantis and hates the sea.', reason: 'fiction' },
            { text: 'If I won the lottery I would buy a castle.', reason: 'hypothetical' },
            { text: 'Where does the Danube end?', reason: 'question' },
            { text: 'Please write a haiku about rain.', reason: 'request' },
            { text: "Let's role-play: I am a pirate and I own a parrot.", reason: 'role play' },
          ],
        },
        results: [],
        skipped: [
          ['Atlantis', 'fiction'],
          ['lottery', 'hypothetical'],
          ['Danube', 'question'],
          ['haiku', 'request'],
          ['pirate', 'role play'],
        ],
      },
    ],
    holds: [],
  },
  {
    title: 'Fiction, hypotheticals, questions, requests and role play are left out, in Chinese',
    steps: [
      {
        said: [
          { role: 'user', content: '在我的小说里，主角住在海底，讨厌阳光。' },
          { role: 'user', content: '如果我中了彩票，我就买一座城堡。' },
          { role: 'user', content: '多瑙河流到哪里？' },
          { role: 'user', content: '请帮我写一首关于雨的诗。' },
          { role: 'user', content: '我们来角色扮演吧，我是海盗，我有一只鹦鹉。' },
        ],
        model: {
          skipped: [
            { text: '在我的小说里，主角住在海底，讨厌阳光。', reason: '虚构' },
            { text: '如果我中了彩票，我就买一座城堡。', reason: '假设' },
            { text: '多瑙河流到哪里？', reason: '提问' },
            { text: '请帮我写一首关于雨的诗。', reason: '请求' },
            { text: '我们来角色扮演吧，我是海盗，我有一只鹦鹉。', reason: '角色扮演' },
          ],
        },
        results: [],
        skipped: {
          rules: [
            ['小说', 'fiction'],
            ['彩票', 'hypothetical'],
            ['多瑙河', 'question'],
            ['诗', 'request'],
            ['海盗', 'role play'],
          ],
          model: [
            ['小说', '虚构'],
            ['彩票', '假设'],
            ['多瑙河', '提问'],
            ['诗', '请求'],
            ['海盗', '角色扮演'],
          ],
        },
      },
    ],
    holds: [],
  },
  {
    title: 'Two speakers are kept apart',
    steps: [
      {
        said: [
          { role: 'user', name: 'Ana', content: 'I live in Porto.' },
          { role: 'user', name: 'Ben', content: 'I live in Leeds.' },
        ],
        model: {
          facts: [
            { turn: 0, quote: 'I live in Porto', text: 'Ana lives in Porto.', subject: 'Ana', entities: ['Ana', 'Porto'] },
            { turn: 1, quote: 'I live in Leeds', text: 'Ben lives in Leeds.', subject: 'Ben', entities: ['Ben', 'Leeds'] },
          ],
        },
        results: {
          rules: [
            ['ADD', 'I live in Porto.'],
            ['ADD', 'I live in Leeds.'],
          ],
          model: [
            ['ADD', 'Ana lives in Porto.'],
            ['ADD', 'Ben lives in Leeds.'],
          ],
        },
      },
      {
        said: [{ role: 'user', name: 'Ben', content: 'I moved to Cork.' }],
        model: {
          facts: [
            {
              quote: 'I moved to Cork',
              text: 'Ben moved to Cork.',
              subject: 'Ben',
              entities: ['Ben', 'Cork'],
              updates: ['Ben lives in Leeds.', 'Ben lives in Cork.'],
            },
          ],
        },
        results: { rules: [['UPDATE', 'I moved to Cork.']], model: [['UPDATE', 'Ben lives in Cork.']] },
      },
    ],
    holds: { rules: ['I live in Porto.', 'I moved to Cork.'], model: ['Ana lives in Porto.', 'Ben lives in Cork.'] },
  },
  {
    title: "What the assistant claims is not made the user's",
    steps: [
      {
        said: [
          { role: 'assistant', content: 'You work at Globex and love skiing.' },
          { role: 'user', content: 'My favourite season is autumn.' },
        ],
        model: { facts: [{ turn: 1, quote: 'My favourite season is autumn', text: "User's favourite season is autumn." }] },
        results: {
          rules: [['ADD', 'My favourite season is autumn.']],
          model: [['ADD', "User's favourite season is autumn."]],
        },
      },
    ],
    holds: { rules: ['My favourite season is autumn.'], model: ["User's favourite season is autumn."] },
  },
  {
    title: 'What the assistant proposes becomes a fact once the user confirms it',
    needsModel: 'only the meaning of both turns together says what was confirmed',
    steps: [
      {
        said: [
          { role: 'assistant', content: 'Shall I note that you prefer trains to planes?' },
          { role: 'user', content: 'Yes, exactly.' },
        ],
        model: { facts: [{ turn: 1, quote: 'Yes, exactly', text: 'User prefers trains to planes.' }] },
        results: [['ADD', 'User prefers trains to planes.']],
      },
    ],
    holds: ['User prefers trains to planes.'],
  },
  {
    title: 'Standing instructions and what is to be remembered are kept in a conversation',
    steps: [
      {
        said: [
          { role: 'user', content: 'From now on answer me in metric units.' },
          { role: 'user', content: 'Remember that the gate code is 4711.' },
          { role: 'user', content: '以后叫我小林。' },
          { role: 'user', content: '请记住我的车位是B12。' },
        ],
        model: {
          facts: [
            { turn: 0, quote: 'From now on answer me in metric units', text: 'User wants answers in metric units.' },
            { turn: 1, quote: 'the gate code is 4711', text: 'The gate code is 4711.', subject: 'gate code' },
            { turn: 2, quote: '以后叫我小林', text: '用户希望被叫作小林。', entities: ['小林'] },
            { turn: 3, quote: '我的车位是B12', text: '用户的车位是B12。' },
          ],
        },
        results: {
          rules: [
            ['ADD', 'From now on answer me in metric units.'],
            ['ADD', 'The gate code is 4711.'],
            ['ADD', '以后叫我小林。'],
            ['ADD', '我的车位是B12。'],
          ],
          model: [
            ['ADD', 'User wants answers in metric units.'],
            ['ADD', 'The gate code is 4711.'],
            ['ADD', '用户希望被叫作小林。'],
            ['ADD', '用户的车位是B12。'],
          ],
        },
      },
    ],
    holds: {
      rules: ['From now on answer me in metric units.', 'The gate code is 4711.', '以后叫我小林。', '我的车位是B12。'],
      model: ['User wants answers in metric units.', 'The gate code is 4711.', '用户希望被叫作小林。', '用户的车位是B12。'],
    },
  },
];
