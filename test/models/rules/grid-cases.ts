/** One thing that is known of a person, and what may be said about it later. */
export interface Topic {
  known: string;
  /** Give it a new value. */
  changes: string[];
  /** End it. */
  endings: string[];
  /** Leave it alone. */
  additions: string[];
}

/** One person's life in English: every statement of another topic is a bystander. */
export const englishLife: Topic[] = [
  {
    known: 'I live in Lisbon.',
    changes: ['We relocated to Porto.', "I've just moved house, I'm in Porto now.", 'These days I live in Porto.', 'I settled in Porto last spring.', 'I moved in with my brother in Porto.'],
    endings: ["I don't live in Lisbon anymore.", "I've left Lisbon for good.", 'I moved out of Lisbon.'],
    additions: ['I love walking in Lisbon at night.', 'My parents live in Braga.', 'I visited Porto last week.', 'My office moved to a new building.'],
  },
  {
    known: 'I work as a gardener.',
    changes: ["I'm a carpenter now.", 'I became a carpenter.', 'I retrained as a carpenter.', 'I switched careers and became a carpenter.', 'I work as a carpenter these days.'],
    endings: ["I'm not a gardener anymore.", 'I no longer work as a gardener.', 'I stopped working as a gardener in June.'],
    additions: ['My brother works as a plumber.', 'I took a gardening course once.', "I'm good at chess."],
  },
  {
    known: 'I am employed by Acme.',
    changes: ['I started working for Globex.', 'I left Acme for Globex.', "I've taken a job at Globex.", 'Globex hired me last month.', 'I work for Globex now.'],
    endings: ['I quit Acme.', 'I got laid off from Acme.', "I've resigned from Acme.", 'Acme let me go.', 'I was fired by Acme.'],
    additions: ['My cousin joined Globex.', 'Acme has a nice canteen.'],
  },
  {
    known: 'My girlfriend is Emma.',
    changes: ["I'm dating Nora now.", 'My girlfriend is Nora now.', "I broke up with Emma and I'm seeing Nora now."],
    endings: ['Emma and I broke up.', 'I broke up with Emma.', 'My girlfriend and I split up.', 'Emma is no longer my girlfriend.', "I'm single again."],
    additions: ['My sister is dating Paul now.', 'Emma likes jazz.'],
  },
  {
    known: 'I have a parrot called Kiko.',
    changes: ['We renamed our parrot Loro.', 'My parrot is called Loro now.'],
    endings: ['I gave my parrot away.', 'My parrot died last week.', "I don't have a parrot anymore.", 'Kiko passed away.', 'We no longer have Kiko.'],
    additions: ['I got a hamster called Pip.', 'My neighbour has a parrot.', 'I have a goldfish too.'],
  },
  {
    known: 'I have a Samsung phone.',
    changes: ['I switched to an iPhone.', 'I traded my Samsung in for an iPhone.', 'I use an iPhone these days.', 'My phone is an iPhone now.', 'I replaced my Samsung with an iPhone.'],
    endings: ['I got rid of my Samsung.', 'I sold my Samsung phone.', "I don't use a Samsung anymore."],
    additions: ['My mother bought an iPhone.', 'I have a Kindle.'],
  },
  {
    known: 'I drive a Volvo.',
    changes: ['I drive a Mazda now.', 'I swapped my Volvo for a Mazda.', 'I traded in the Volvo for a Mazda.', 'I bought a Mazda to replace the Volvo.'],
    endings: ['I sold my Volvo.', 'I sold my car.', "I don't drive a Volvo anymore.", 'I got rid of the Volvo.'],
    additions: ['My dad drives a Mazda.', 'I washed the Volvo yesterday.'],
  },
  {
    known: "I'm on a keto diet.",
    changes: ["I've turned vegetarian.", "I've gone vegan.", "I'm a vegetarian now.", 'I switched from keto to paleo.', 'I became a pescatarian.'],
    endings: ['I quit keto.', "I'm off keto.", "I'm no longer on a keto diet.", 'No more keto for me.'],
    additions: ['My daughter turned vegetarian.', "I don't like broccoli.", 'I tried a vegan burger.'],
  },
  {
    known: 'I drink black coffee every morning.',
    changes: ['I drink green tea in the morning instead of coffee.', "I've switched from coffee to green tea.", 'I swapped coffee for green tea.', "I've replaced my morning coffee with green tea."],
    endings: ['I gave up coffee.', "I've cut out coffee.", 'No more coffee for me.', "I'm off coffee.", "I don't drink coffee anymore.", 'I quit drinking coffee.'],
    additions: ["I don't like wine.", 'I also drink oat milk.', "I can't stand instant coffee."],
  },
  {
    known: 'I paint watercolours on weekends.',
    changes: ["I've swapped painting for pottery.", 'I do pottery on weekends now instead of painting.'],
    endings: ['I stopped painting.', "I'm not into painting anymore.", "I've given up painting.", "I don't paint anymore.", 'I quit painting.'],
    additions: ['I started pottery.', "I've taken up pottery.", "I don't enjoy karaoke."],
  },
  {
    known: 'I play tennis on Tuesdays.',
    changes: ['I play tennis on Thursdays now.', 'I play padel now instead of tennis.', 'I gave up tennis for padel.'],
    endings: ['I quit tennis.', 'I no longer play tennis.', "I'm done with tennis.", "I've dropped tennis."],
    additions: ['I also play squash.', 'I watched the tennis final.', "I don't like football."],
  },
  {
    known: 'I use Figma for design.',
    changes: ["I've moved from Figma to Penpot.", 'I use Penpot for design now.', 'I ditched Figma for Penpot.', "I've switched to Penpot for design.", 'I migrated from Figma to Penpot.'],
    endings: ['I stopped using Figma.', 'I dropped Figma.', "I'm done with Figma.", 'I uninstalled Figma.'],
    additions: ['I use Blender for 3D.', 'My colleague uses Penpot.'],
  },
  {
    known: 'My editor is Vim.',
    changes: ["I've switched to Helix.", 'My editor is Helix now.', 'I replaced Vim with Helix.', 'I code in Helix instead of Vim these days.'],
    endings: ['I gave up on Vim.', 'I no longer use Vim.', "I'm not using Vim anymore."],
    additions: ['I tried Helix yesterday.', "I don't like Emacs."],
  },
  {
    known: "I'm learning Spanish.",
    changes: ["I'm learning Italian instead of Spanish.", 'I switched from Spanish to Italian.', 'I dropped Spanish and started Italian.'],
    endings: ['I gave up learning Spanish.', 'I stopped learning Spanish.', "I'm no longer studying Spanish."],
    additions: ['I also study Japanese.', 'I speak fluent French.', 'My son is learning Spanish.'],
  },
  {
    known: 'I study biology at Westfield.',
    changes: ['I transferred to Northgate.', 'I switched my major to chemistry.', 'I changed from biology to chemistry.', 'I now study at Northgate.'],
    endings: ['I dropped out of Westfield.', "I don't study biology anymore."],
    additions: ['My cousin studies chemistry.'],
  },
  {
    known: "I'm on the payments team.",
    changes: ['I moved to the search team.', "I'm on the search team now.", 'I joined the search team.', 'I got transferred to the search team.'],
    endings: ['I left the payments team.', "I'm no longer on the payments team."],
    additions: ['My friend is on the search team.'],
  },
  {
    known: 'I take metformin.',
    changes: ['I switched from metformin to insulin.', 'I take insulin instead of metformin now.'],
    endings: ['I stopped taking metformin.', 'My doctor took me off metformin.', "I'm off metformin."],
    additions: ['I take vitamin D.', 'My uncle takes metformin.'],
  },
  {
    known: 'My stand-up is at 9 am.',
    changes: ['The stand-up is at 10 am now.', 'My stand-up moved to 10 am.', 'My stand-up was pushed to 10 am.', 'We rescheduled the stand-up to 10 am.'],
    endings: ['My stand-up was cancelled.', "We don't have a stand-up anymore."],
    additions: ['My dentist appointment is at 10 am.'],
  },
  {
    known: 'My favourite band is Blur.',
    changes: ['My favourite band is Pulp now.', 'Pulp is my favourite band now.', 'My new favourite band is Pulp.'],
    endings: ["Blur isn't my favourite band anymore."],
    additions: ['I like Pulp too.', 'My favourite film is Alien.'],
  },
  {
    known: 'I subscribe to Netflix.',
    changes: ['I switched from Netflix to Hulu.', 'I cancelled Netflix and got Hulu.'],
    endings: ['I cancelled my Netflix subscription.', 'I unsubscribed from Netflix.', 'I cancelled Netflix.', 'I no longer pay for Netflix.'],
    additions: ['I also subscribe to Spotify.', 'My flatmate cancelled Netflix.'],
  },
  {
    known: 'My monthly budget is 500 euros.',
    changes: ['I raised my monthly budget to 700 euros.', 'My monthly budget is 700 euros now.', 'My budget went up to 700 euros.', 'I cut my monthly budget to 300 euros.'],
    endings: ["I don't have a monthly budget anymore."],
    additions: ["My sister's budget is 900 euros.", 'My travel budget is 2,000 euros.'],
  },
  {
    known: 'I love sushi.',
    changes: [],
    endings: ["I don't like sushi anymore.", "I've gone off sushi.", "I'm not into sushi anymore.", 'I used to love sushi, but not anymore.'],
    additions: ['I love ramen.', "I don't like anchovies.", 'I love dumplings as well.'],
  },
  {
    known: 'I take the bus to work.',
    changes: ['I cycle to work now.', 'I bike to work these days.', 'I go to work by train instead of the bus.'],
    endings: ['I no longer take the bus to work.'],
    additions: ['My boss takes the train to work.'],
  },
  {
    known: 'My wife is pregnant.',
    changes: ['My wife is no longer pregnant, she gave birth.'],
    endings: ["My wife isn't pregnant anymore."],
    additions: ['My cat is pregnant.'],
  },
];

/** The same in Chinese. */
export const chineseLife: Topic[] = [
  {
    known: '我住在成都。',
    changes: ['我搬家到重庆了。', '我搬到重庆了。', '我现在住重庆。', '我已经搬去重庆了。', '我家搬到了重庆。'],
    endings: ['我已经不住在成都了。', '我离开成都了。', '我从成都搬走了。'],
    additions: ['我爸妈住在重庆。', '我上周去了重庆出差。'],
  },
  {
    known: '我是一名老师。',
    changes: ['我改行当律师了。', '我现在是律师了。', '我转行做律师了。'],
    endings: ['我不当老师了。', '我已经不是老师了。', '我不做老师了。'],
    additions: ['我姐姐是律师。'],
  },
  {
    known: '我在阿里上班。',
    changes: ['我跳槽到腾讯了。', '我从阿里跳槽去了腾讯。', '我现在在腾讯上班。', '我换工作了，去了腾讯。', '我入职腾讯了。'],
    endings: ['我从阿里辞职了。', '我已经不在阿里上班了。', '我离开阿里了。', '我被阿里裁员了。'],
    additions: ['我表哥在腾讯上班。', '阿里的食堂很好吃。'],
  },
  {
    known: '我女朋友叫小丽。',
    changes: ['我现在的女朋友叫小芳。', '我换女朋友了，叫小芳。'],
    endings: ['我和小丽分手了。', '我跟女朋友分手了。', '我分手了。', '小丽不再是我女朋友了。'],
    additions: ['我同事叫小芳。'],
  },
  {
    known: '我养了一只鹦鹉。',
    changes: ['我把鹦鹉换成了仓鼠。'],
    endings: ['我的鹦鹉死了。', '我把鹦鹉送人了。', '我不养鹦鹉了。', '我家鹦鹉飞走了。'],
    additions: ['我又养了一只仓鼠。', '邻居养了一只鹦鹉。'],
  },
  {
    known: '我用小米手机。',
    changes: ['我换了苹果手机。', '我换成苹果手机了。', '我的手机换成了苹果。', '我现在用苹果手机。'],
    endings: ['我不用小米了。', '我把小米手机卖了。'],
    additions: ['我妈用苹果手机。'],
  },
  {
    known: '我开大众。',
    changes: ['我换车了，现在开比亚迪。', '我把大众换成了比亚迪。', '我改开比亚迪了。'],
    endings: ['我把车卖了。', '我不开大众了。', '我的大众卖掉了。'],
    additions: ['我爸开比亚迪。'],
  },
  {
    known: '我在吃生酮饮食。',
    changes: ['我改吃素了。', '我现在吃素了。'],
    endings: ['我不吃生酮了。', '我已经不吃生酮饮食了。'],
    additions: ['我女儿吃素。'],
  },
  {
    known: '我每天早上喝咖啡。',
    changes: ['我早上改喝绿茶了。', '我现在早上喝绿茶，不喝咖啡了。', '我把咖啡换成绿茶了。', '我用绿茶代替咖啡了。'],
    endings: ['我戒咖啡了。', '我把咖啡戒了。', '我已经不喝咖啡了。', '我不再喝咖啡。'],
    additions: ['我不喜欢喝红酒。', '我也喝豆浆。'],
  },
  {
    known: '我周末画画。',
    changes: ['我现在周末做陶艺，不画画了。'],
    endings: ['我不画画了。', '我放弃画画了。', '我对画画没兴趣了。'],
    additions: ['我还喜欢做陶艺。', '我最近开始学陶艺。'],
  },
  {
    known: '我每周二打羽毛球。',
    changes: ['我不打羽毛球了，改打网球。', '我现在每周四打羽毛球。'],
    endings: ['我不打羽毛球了。', '我已经很久不打羽毛球了。'],
    additions: ['我也打篮球。', '我不喜欢足球。'],
  },
  {
    known: '我抽烟。',
    changes: [],
    endings: ['我戒烟了。', '我把烟戒了。', '我已经不抽烟了。'],
    additions: ['我爷爷抽烟。'],
  },
  {
    known: '我用石墨写文档。',
    changes: ['我改用语雀写文档了。', '我从石墨换到语雀了。', '我现在用语雀写文档。'],
    endings: ['我不用石墨了。', '我把石墨卸载了。'],
    additions: ['我用剪映剪视频。'],
  },
  {
    known: '我在学日语。',
    changes: ['我改学韩语了。', '我不学日语了，改学韩语。'],
    endings: ['我不学日语了。', '我放弃学日语了。'],
    additions: ['我也在学法语。', '我儿子在学日语。'],
  },
  {
    known: '我在川大读书。',
    changes: ['我转学到北大了。', '我现在在北大读书。'],
    endings: ['我从川大退学了。'],
    additions: ['我妹妹在北大读书。'],
  },
  {
    known: '我在支付组。',
    changes: ['我调到搜索组了。', '我现在在搜索组。', '我转到搜索组了。'],
    endings: ['我离开支付组了。', '我不在支付组了。'],
    additions: ['我同学在搜索组。'],
  },
  {
    known: '我在吃降压药。',
    changes: [],
    endings: ['我停了降压药。', '我不吃降压药了。'],
    additions: ['我奶奶在吃降压药。', '我在吃维生素。'],
  },
  {
    known: '例会在周一上午九点。',
    changes: ['例会改到周二上午十点了。', '例会现在在周二上午十点。', '例会推迟到十点了。'],
    endings: ['例会取消了。'],
    additions: ['面试在周二上午十点。'],
  },
  {
    known: '我最喜欢的歌手是周杰伦。',
    changes: ['我现在最喜欢的歌手是陈奕迅。', '我最喜欢的歌手变成了陈奕迅。'],
    endings: ['周杰伦不是我最喜欢的歌手了。'],
    additions: ['我也喜欢陈奕迅。', '我最喜欢的电影是霸王别姬。'],
  },
  {
    known: '我订阅了爱奇艺。',
    changes: ['我把爱奇艺换成了优酷。'],
    endings: ['我取消了爱奇艺的订阅。', '我退订爱奇艺了。'],
    additions: ['我也订阅了芒果。'],
  },
  {
    known: '我每月预算三千元。',
    changes: ['我每月预算改成五千元了。', '我的预算涨到五千元了。', '我把每月预算提高到五千元。'],
    endings: [],
    additions: ['我的旅行预算是两万元。'],
  },
  {
    known: '我喜欢吃榴莲。',
    changes: [],
    endings: ['我不喜欢吃榴莲了。', '我已经不爱吃榴莲了。'],
    additions: ['我不喜欢香菜。', '我也喜欢吃山竹。'],
  },
];
