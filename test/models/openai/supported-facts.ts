/** A turn, the words that a model gives as the source of a fact, and the fact; `before` is shown as context. */
export interface SaidFact {
  said: string;
  quote: string;
  text: string;
  before?: string;
  name?: string;
}

const of = (said: string, quote: string, text: string, more: Partial<SaidFact> = {}): SaidFact => ({ said, quote, text, ...more });

/** All were said on Friday 2024-03-08 at 20:10. Some quotes are sloppy, as small models write them. */
export const englishFacts: SaidFact[] = [
  of(
    'We adopted a puppy last Saturday and named her Miso!',
    'We adopted a puppy last Saturday',
    'User adopted a puppy named Miso on 2024-03-02.',
  ),
  of("I'm allergic to peanuts, found out the hard way.", "I'm allergic to peanuts", 'User is allergic to peanuts.'),
  of('I have two cats and a dog', 'I have 2 cats and a dog', 'User has 2 cats and a dog.'),
  of('I have two cats and a dog', 'two cats and a dog', 'User has three pets: two cats and a dog.'),
  of('my sister nora took up the cello, exam on friday', 'My sister Nora took up the cello.', "User's sister Nora plays the cello."),
  of('Tomorrow is my birthday 🎂', 'Tomorrow is my birthday', "User's birthday is on March 9."),
  of('I turn thirty next week', 'I turn thirty next week', 'User turns 30 in the week of 2024-03-11.'),
  of(
    'I started at Bosch two weeks ago as a welder.',
    'I started at Bosch two weeks ago',
    'User has worked at Bosch as a welder since 2024-02-23.',
  ),
  of('The meeting is at 3pm on Monday', 'meeting is at 3pm on Monday', 'User has a meeting on 2024-03-11 at 15:00.'),
  of('dinner at half past seven tomorrow with Lea', 'dinner at half past seven', 'User has dinner with Lea on 2024-03-09 at 19:30.'),
  of('Our standup moved to a quarter to nine.', 'standup moved to a quarter to nine', "User's standup is at 8:45."),
  of("I don't eat meat anymore", 'I dont eat meat anymore', 'User no longer eats meat.'),
  of('I  no longer work at\nSiemens.', 'i no longer work at Siemens', 'User no longer works at Siemens.'),
  of(
    'The staging server is 10.0.4.17, port 8443.',
    'staging server is 10.0.4.17, port 8443',
    'The staging server is at 10.0.4.17 on port 8443.',
  ),
  of('Please always answer in metric units.', 'always answer in metric units', 'User wants answers in metric units always.'),
  of('Call me Bob, not Robert', '"Call me Bob"', 'User wants to be called Bob.'),
  of('Yes, the second one.', 'Yes, the second one', 'User chose the blue sofa for 499 euros.', {
    before: 'Red for 399 or blue for 499 euros?',
  }),
  of('yep', 'yep', 'User wants the backup to run every 6 hours.', { before: 'Shall I run the backup every 6 hours?' }),
  of('I ❤️ 🍕', 'I ❤️ 🍕', 'User loves pizza.'),
  of('My salary is 85k', 'My salary is 85k', "User's salary is 85,000."),
  of('We raised 1.5 million dollars', 'We raised 1.5 million', "User's company raised $1,500,000."),
  of('my number is +1 (555) 010-0199', 'my number is +1 (555) 010-0199', "User's phone number is 15550100199."),
  of('Moved to Lisbon in 2019, never looked back', 'Moved to Lisbon in 2019', 'User has lived in Lisbon for 5 years, since 2019.'),
  of("I'm 34 years old and still can't swim", "I'm 34 years old", 'User was born around 1990.'),
  of(
    'I hate coriander. Mango, peaches and apples are my favourites.',
    'Mango, peaches and apples are my favorites',
    "User's favourite fruits are mango, peaches and apples.",
  ),
  of(
    'I really like the way they do ramen at Kojima on 5th Street',
    'I like the ramen at Kojima on 5th Street',
    'User likes the ramen at Kojima on 5th Street.',
  ),
  of(
    'I was born on the twenty-first of May nineteen eighty-four.',
    'born on the twenty-first of May nineteen eighty-four',
    'User was born on 1984-05-21.',
  ),
  of('I ski', 'I ski', 'Ann skis.', { name: 'Ann' }),
  of('We have Emma, Noah and Liam at home now', 'We have Emma, Noah and Liam', 'User has three children: Emma, Noah and Liam.'),
  of(
    'I told my boss, finally, after nine long years of commuting from Leeds, that I quit.',
    'I told my boss ... that I quit',
    'User quit their job after nine years.',
  ),
  of('Wir haben letzten Samstag einen Hund geholt', 'letzten Samstag einen Hund geholt', 'Nutzer hat am 2024-03-02 einen Hund geholt.'),
  of('J’ai deux chats à la maison', "J'ai deux chats", 'Utilisateur a 2 chats.'),
  of('אני גר בחיפה כבר חמש שנים', 'אני גר בחיפה', 'המשתמש גר בחיפה 5 שנים.'),
  of('i drive a vw golf', 'drive a vw golf', 'User drives a Volkswagen (VW) Golf.', { before: 'Do you own a volkswagen?' }),
  of('my friend sarrah from munich visited', 'my friend sarrah', "User's friend Sarah from Munich visited."),
  of('moved to nyc for work', 'moved to nyc', 'User moved to New York City for work.'),
  of('i mostly write ts these days', 'mostly write ts', 'User mostly writes TypeScript.'),
  of("i'm from italy, near são paulo street", "i'm from italy", 'User is an Italian, from near Sao Paulo Street.'),
  of("tom's mom is felix' aunt", "tom's mom", "User says that Tom's Mom is Felix's Aunt."),
  of('I start on Monday, at IBM', 'I start on Monday', 'From Monday on User works at IBM.'),
  of('we use postgres and k8s at acme corp', 'we use postgres', 'User uses PostgreSQL at ACME Corp.'),
  of('I have a beagle, he is 3', 'a beagle, he is 3', 'In March 2024 the Beagle of Ann was 3.', { name: 'Ann' }),
  of('my birthday is on xmas', 'birthday is on xmas', "User's birthday is on Christmas."),
  of('Ich wohne seit drei Jahren in Köln.', 'Ich wohne seit drei Jahren in Köln', 'User wohnt seit 2021 in Köln.'),
];

export const chineseFacts: SaidFact[] = [
  of('我上周六领养了一只小狗，叫豆豆。', '我上周六领养了一只小狗', '用户在2024-03-02领养了一只名叫豆豆的小狗。'),
  of('养猫了', '养猫了', '用户养了一只猫。'),
  of('我对花生过敏', '我对花生过敏。', '用户对花生过敏。'),
  of('明天是我生日', '明天是我生日', '用户的生日是3月9日。'),
  of('我有两只猫', '我有2只猫', '用户有2只猫。'),
  of('下周一下午三点开会', '下周一下午三点开会', '用户在2024年3月11日15:00有会议。'),
  of('我搬到上海三年了', '搬到上海三年了', '用户2021年搬到上海。'),
  of('我今年三十四岁', '我今年三十四岁', '用户今年34岁。'),
  of('我已经不在腾讯上班了，上个月去了字节。', '不在腾讯上班了', '用户不再在腾讯工作，2024年2月起在字节工作。'),
  of('以后叫我小林', '以后叫我小林', '用户希望被称为小林。'),
  of('别再给我推荐恐怖片了', '别再给我推荐恐怖片', '用户不希望被推荐恐怖片。'),
  of('我妈五月十二号过生日', '我妈五月十二号过生日', '用户的妈妈生日是5月12日。'),
  of('房租每月四千五', '房租每月四千五', '用户的房租是每月4500元。'),
  of('我年薪三十万', '年薪三十万', '用户的年薪是30万。'),
  of('我喜欢芒果、桃子和苹果，不喜欢榴莲。', '不喜欢榴莲', '用户不喜欢榴莲。'),
  of('服务器端口改成8443了', '服务器端口改成 8443', '服务器端口是8443。'),
  of('对，第二个', '对，第二个', '用户选择了每周四的瑜伽课。', { before: '周二的普拉提还是周四的瑜伽课？' }),
  of('我老婆叫王芳，在医院工作', '我老婆叫王芳', '用户的妻子叫王芳。'),
  of('兩週前我換了工作', '两周前我换了工作', '用户在2024-02-23换了工作。'),
  of('我去年三月戒烟了', '我去年3月戒烟了', '用户于2023年3月戒烟。'),
  of('孩子们叫小明、小红和小刚', '孩子们叫小明、小红和小刚', '用户有3个孩子：小明、小红和小刚。'),
  of('二〇二四年五月一号结婚', '二〇二四年五月一号结婚', '用户将于2024年5月1日结婚。'),
  of('我每天早上六点半跑步', '每天早上六点半跑步', '用户每天6:30跑步。'),
  of('我是素食者', '我是素食者', '用户是素食者。'),
  of('我们家在杭州西湖边上', '我家在杭州西湖边', '用户家在杭州西湖边。'),
  of('电话是138-0013-8000', '电话是13800138000', '用户的电话是13800138000。'),
];

/** Answers of a model that went astray: none of them may be kept. */
export const unsupportedFacts: SaidFact[] = [
  of('I like tea.', 'I like coffee with milk and sugar', 'User likes coffee.'),
  of('I like tea.', '', 'User likes tea.'),
  of('I like tea.', 'I like tea', 'User adopted a puppy named Miso.'),
  of('I like tea.', 'I like tea', 'User has liked tea since 2019.'),
  of('I have two cats.', 'I have two cats', 'User has three cats.'),
  of('I have 2 cats.', 'I have 2 cats', 'User has 12 cats.'),
  of('The port is 8443.', 'The port is 8443', 'The port is 8080.'),
  of('My rent is 900 euros.', 'My rent is 900 euros', 'User pays 950 euros of rent.'),
  of('The meeting is at 3pm.', 'The meeting is at 3pm', 'The meeting is at 16:00.'),
  of('I am a nurse.', 'I am a doctor', 'User is a doctor.'),
  of('I have a small blue car', 'I have a big red car', 'User has a big red car.'),
  of('Hello there!', 'Hello there!', 'User works at Siemens in Munich.'),
  of('Hello there!', '!', 'User works at Siemens.'),
  of('Paris was great.', 'User lives in Rome with his wife', 'User lives in Rome.'),
  of('我有两只猫', '我有两只猫', '用户有五只猫。'),
  of('我喜欢喝茶', '我喜欢喝茶', '用户在上海工作。'),
  of('我喜欢喝茶', '用户住在北京朝阳区', '用户住在北京。'),
  of('房租四千五', '房租四千五', '用户的房租是5400元。'),
  of('今天天气很好', '今天天气很好', '用户2019年结婚。'),
  of('I like tea.', 'I like tea', 'User likes tea and was born on 1990-05-04.'),
  of('my cat Tom is 7', 'my cat Tom is 7', "User's cat Felix is 7."),
  of('my cat Tom is 7', 'my cat Tom is 7', "User's cat Tim is 7."),
  of('I work at a bank in Ulm', 'I work at a bank', 'User works at a bank in Bonn.'),
  of('I work at a bank', 'work at a bank', 'User works at UBS, a bank.'),
  of('I think my cat Tom is 7', 'I', "User's cat is ill."),
  of('I have a cat', 'I have a cat', 'User has a cat. Its name is Felix.'),
  of('我的猫叫汤姆', '我', '用户的猫病了。'),
];
