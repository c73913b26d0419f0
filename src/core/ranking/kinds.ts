import { tellingTerms } from './analysis.js';

/** Names of kinds, and what is of that kind: it is asked by the kind ("which pets") and told by the thing ("a turtle"). Compiled by hand for this project. */
const kinds = `
pet animal: dog cat puppy kitten rabbit hamster hedgehog guinea pig parrot budgie canary fish goldfish turtle tortoise snake lizard gecko ferret horse pony goat hen chicken duck cow sheep donkey
instrument: guitar piano violin viola cello clarinet flute oboe saxophone trumpet trombone drum drums harp keyboard ukulele banjo accordion harmonica bass organ
sport: football soccer basketball baseball volleyball tennis badminton golf hockey rugby cricket swimming running cycling skiing snowboarding surfing climbing bouldering boxing wrestling judo karate rowing sailing skating gymnastics yoga handball squash archery fencing triathlon marathon
country: usa america canada mexico brazil argentina chile peru colombia england britain scotland ireland wales france germany spain portugal italy switzerland austria belgium netherlands holland denmark norway sweden finland iceland poland czech hungary romania bulgaria greece turkey russia ukraine egypt morocco kenya nigeria ethiopia ghana tanzania israel iran iraq india pakistan nepal china japan korea taiwan vietnam thailand malaysia singapore indonesia philippines australia zealand
state: alabama alaska arizona arkansas california colorado connecticut delaware florida georgia hawaii idaho illinois indiana iowa kansas kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri montana nebraska nevada hampshire jersey ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia wisconsin wyoming
city: london paris berlin munich hamburg vienna zurich geneva rome milan madrid barcelona lisbon porto amsterdam brussels copenhagen oslo stockholm helsinki warsaw prague budapest athens istanbul moscow dublin edinburgh york boston chicago seattle portland francisco angeles diego denver austin dallas houston miami atlanta philadelphia washington vegas toronto vancouver montreal tokyo kyoto osaka seoul beijing shanghai hong kong singapore bangkok delhi mumbai dubai cairo sydney melbourne
continent: europe asia africa america australia antarctica
language: english german french spanish italian portuguese dutch swedish polish russian turkish arabic hebrew hindi chinese mandarin cantonese japanese korean vietnamese greek latin
programming language: python javascript typescript java rust go kotlin swift ruby php perl scala haskell c++ c#
database: postgres postgresql mysql sqlite mongodb redis oracle mariadb dynamodb cassandra clickhouse
framework: react vue angular svelte django flask rails spring express nextjs laravel
editor: vim neovim emacs vscode intellij sublime cursor zed
operating system: linux ubuntu debian fedora windows macos android ios
colour color: red blue green yellow orange purple violet pink brown black white grey gray turquoise beige
fruit: apple pear banana orange lemon lime grape cherry strawberry raspberry blueberry peach plum mango pineapple melon kiwi coconut avocado
vegetable: carrot potato tomato onion garlic pepper cucumber spinach broccoli cabbage lettuce pea bean zucchini pumpkin mushroom eggplant
dessert sweets: cake pie cookie brownie ice cream pudding chocolate candy muffin cupcake tart pastry donut
dish meal recipe: pasta pizza soup salad curry stew sandwich burger rice noodle risotto lasagna steak roast omelette pancake taco sushi dumpling casserole
drink beverage: latte americano matcha water coffee tea milk juice wine beer cocktail whisky soda lemonade smoothie espresso cappuccino
meat: beef pork chicken lamb turkey ham bacon sausage
allergy allergic intolerance: peanut nut gluten lactose dairy pollen shellfish penicillin fur dust
illness disease condition: flu cold fever cancer diabetes asthma migraine arthritis anxiety depression allergy covid pneumonia hypertension anemia
injury: sprain fracture broken ankle knee wrist shoulder concussion bruise
vehicle: car truck van bus bike bicycle motorcycle scooter train tram boat
clothes clothing: shirt dress skirt trousers jeans jacket coat sweater hoodie shoes boots sneakers hat scarf socks
furniture: chair table desk bed sofa couch shelf wardrobe lamp
flower plant: rose tulip sunflower daisy lily orchid lavender cactus fern basil herb
family relative: mother father mom dad mum sister brother son daughter wife husband uncle aunt cousin nephew niece grandmother grandfather grandma grandpa grandson granddaughter
job profession occupation career: teacher nurse doctor engineer lawyer designer developer programmer manager accountant chef waiter driver pilot journalist writer artist musician actor architect scientist researcher electrician plumber carpenter mechanic farmer counselor therapist psychologist consultant analyst librarian photographer dentist pharmacist accountant firefighter baker secretary
hobby activity pastime: painting drawing reading writing hiking camping swimming running cycling gardening cooking baking knitting sewing pottery photography gaming chess dancing singing climbing fishing yoga woodworking birdwatching
genre: comedy drama thriller horror romance fantasy mystery documentary animation western biography jazz rock pop classical blues folk punk metal hip hop rap country electronic
emotion feeling feel: happy sad proud angry afraid scared excited nervous anxious grateful lonely relieved disappointed thrilled stressed overwhelmed ashamed jealous hopeful
weather: rain snow sun sunny storm wind windy fog cloudy thunder heat frost hail
season: spring summer autumn winter
subject major degree: biology chemistry physics mathematics history geography economics law medicine engineering psychology philosophy literature linguistics sociology business accounting nursing architecture computer science
religion faith: christian catholic protestant muslim islam jewish buddhist hindu atheist
device gadget: phone laptop tablet computer camera watch headphones printer router console
holiday: christmas easter thanksgiving halloween ramadan hanukkah diwali
relationship status: single married divorced engaged widowed dating
school: kindergarten college university academy
event: wedding funeral concert festival conference workshop parade party ceremony exhibition competition tournament marathon fair
outdoor nature: beach lake river mountain forest trail park waterfall desert canyon island
宠物 动物: 小狗 狗狗 猫咪 小猫 橘猫 金毛 柯基 泰迪 仓鼠 兔子 鹦鹉 乌龟 英短 美短 布偶 暹罗 拉布拉多 哈士奇 边牧 柴犬 金鱼 刺猬 蜥蜴
乐器: 钢琴 吉他 小提琴 大提琴 古筝 二胡 琵琶 笛子 萨克斯 架子鼓 口琴 尤克里里
运动: 足球 篮球 排球 羽毛球 乒乓 网球 游泳 跑步 骑车 骑行 滑雪 瑜伽 健身 登山 爬山 攀岩 拳击 太极 马拉松
国家: 美国 加拿大 英国 法国 德国 西班牙 意大利 瑞士 荷兰 瑞典 挪威 俄罗斯 日本 韩国 泰国 越南 新加坡 马来西亚 印度 澳大利亚 澳洲 新西兰 巴西 埃及
城市: 北京 上海 广州 深圳 杭州 南京 苏州 成都 重庆 武汉 西安 天津 长沙 青岛 大连 厦门 昆明 郑州 沈阳 哈尔滨 香港 台北 东京 大阪 首尔 伦敦 巴黎 纽约
语言 外语: 英语 日语 法语 德语 韩语 西班牙语 俄语 粤语 普通话
颜色: 红色 蓝色 绿色 黄色 橙色 紫色 粉色 黑色 白色 灰色
水果: 苹果 香蕉 橙子 葡萄 草莓 西瓜 桃子 芒果 菠萝 樱桃 榴莲 荔枝 柚子
蔬菜: 土豆 番茄 西红柿 黄瓜 茄子 白菜 菠菜 胡萝卜 洋葱 蘑菇
甜点 甜品 零食: 蛋糕 饼干 冰淇淋 巧克力 布丁 糖果 面包
菜 菜系 口味: 川菜 粤菜 湘菜 火锅 烧烤 饺子 面条 米饭 炒饭 清淡 香菜 辣椒
咖啡: 拿铁 美式 卡布奇诺 摩卡
coffee: espresso cappuccino latte americano mocha
饮料: 咖啡 红茶 绿茶 奶茶 果汁 牛奶 啤酒 红酒 白酒 可乐 豆浆
过敏 忌口: 花生 海鲜 芒果 牛奶 麸质 花粉 青霉素 虾 蟹
疾病 毛病: 感冒 发烧 糖尿病 高血压 哮喘 鼻炎 胃炎 失眠 抑郁 焦虑 颈椎 偏头痛
交通 车: 汽车 地铁 公交 高铁 火车 飞机 自行车 电动车 摩托
家人 亲人 家属: 爸爸 妈妈 父亲 母亲 爷爷 奶奶 外公 外婆 哥哥 姐姐 弟弟 妹妹 儿子 女儿 老公 老婆 丈夫 妻子
职业 职位: 老师 教师 护士 医生 律师 设计师 工程师 程序员 产品经理 会计 司机 厨师 记者 作家 演员 销售 公务员 建筑师 研究员
爱好 兴趣: 画画 阅读 看书 摄影 旅行 钓鱼 下棋 唱歌 跳舞 烹饪 烘焙 书法 园艺 徒步 露营
节日: 春节 中秋 端午 清明 国庆 元旦 元宵 圣诞
季节: 春天 夏天 秋天 冬天
专业 学科: 计算机 数学 物理 化学 生物 历史 经济 法律 医学 会计 中文 英语
数据库: mysql postgresql postgres redis mongodb sqlite oracle
`;

function readKinds(): Map<string, Set<string>> {
  const members = new Map<string, Set<string>>();
  for (const line of kinds.trim().split('\n')) {
    const [names = '', things = ''] = line.split(':');
    for (const name of tellingTerms(names)) members.set(name, new Set([...(members.get(name) ?? []), ...tellingTerms(things)]));
  }
  return members;
}

let members: ReadonlyMap<string, ReadonlySet<string>> | undefined;
const none: ReadonlySet<string> = new Set();

/** The terms of what is of the kind that a term names; empty where it names none. Reads the kinds at the first one, as `relatedTerms` does. */
export function termsOfKind(term: string): ReadonlySet<string> {
  members ??= readKinds();
  return members.get(term) ?? none;
}
