import { terms, words } from './analysis.js';
import { askingWords } from './english.js';
import { fold } from './folding.js';
import { askingCharacters } from './ideographs.js';
import { stem } from './stemming.js';
import { weights } from './weights.js';

/**
 * What is asked of a person without the words of the answer, an entry an aspect: how questions ask for it, and the words
 * that it is told with, in English and Chinese. Compiled by hand for this project, from everyday vocabulary.
 */
const ofPeople: readonly [asked: RegExp, told: string][] = [
  [
    /\b(?:hobb(?:y|ies)|pastimes?|leisure|interests|(?:for|have) fun|(?:free|spare|down) time|time off|days? off|unwind|relax|de-?stress|passionate|(?:do i|do we) enjoy|(?:am i|are we) (?:\w+ )?into|(?:like|love|enjoy|enjoys|likes|loves) (?:to do|doing)|activit(?:y|ies)|weekends?)\b|爱好|兴趣|乐趣|消遣|嗜好|(?:空|闲|业余|休闲|课余|休息)[闲暇余]?(?:的)?(?:时间|时候|时|之余)|闲暇|业余|放松|解压|(?:喜欢|爱|平时|平常|没事|有空|周末|一般|通常)(?:都|会|喜欢|爱|一般|在家)*(?:做|干|玩)(?:点|些|一些)?(?:什么|啥|嘛)/u,
    `hobby pastime passion weekend enjoy love obsess crazy mad devote fond keen fan relax unwind addict hook enthusiast
     paint draw sketch watercolour calligraphy pottery ceramic sculpt knit crochet sew embroider quilt woodwork carve origami craft
     read novel write poetry journal blog photograph film cinema theatre museum concert game gamer chess puzzle board poker lego
     collect stamp coin model music sing choir karaoke guitar piano violin cello drum flute ukulele saxophone instrument orchestra band dance salsa ballet
     cook bake barbecue brew garden gardener allotment plant birdwatch astronomy telescope fish angle hunt forage
     hike trek climb boulder camp cycle mountain surf sail kayak canoe row paddle dive snorkel swim ski snowboard skate run jog yoga pilates gym meditate
     football soccer basketball tennis badminton squash golf volleyball baseball cricket rugby hockey karate judo boxing fencing archery bowling billiards dart frisbee martial horse ride
     travel volunteer podcast magic juggle repair tinker diy drone radio antique geocache kite yo-yo scrapbook calligraphy genealogy beekeep winery blacksmith whittle metal detect mushroom railway miniature cosplay manga anime comic trivia crossword sudoku darts karaoke comedy improv theater amateur club` +
      ` 爱好 喜欢 我爱 就爱 很爱 特爱 最爱 周末 常去 每逢 有空 热爱 热衷 迷上 痴迷 着迷 酷爱 喜爱 爱上 沉迷 上瘾 感兴趣 入迷 发烧友
     画画 绘画 素描 水彩 油画 国画 书法 练字 陶艺 手工 编织 钩针 织毛衣 刺绣 缝纫 十字绣 木工 木雕 剪纸 篆刻 折纸
     看书 读书 小说 写作 写诗 摄影 拍照 电影 追剧 动漫 看展 博物馆 话剧 游戏 电竞 下棋 象棋 围棋 桥牌 麻将 拼图 乐高 桌游 剧本杀
     收藏 集邮 邮票 模型 手办 唱歌 合唱 音乐 听歌 弹琴 吉他 钢琴 古筝 二胡 提琴 尤克里里 跳舞 广场舞 街舞 芭蕾
     做饭 烹饪 下厨 烘焙 做菜 园艺 种花 养花 种菜 多肉 观鸟 天文 观星 钓鱼 垂钓 遛狗 养鱼
     爬山 登山 徒步 攀岩 露营 骑行 骑车 冲浪 划船 皮划艇 潜水 游泳 滑雪 滑冰 轮滑 滑板 跑步 慢跑 马拉松 瑜伽 普拉提 健身 太极 冥想
     足球 篮球 排球 网球 羽毛球 乒乓 台球 高尔夫 保龄球 拳击 柔道 空手道 跆拳道 击剑 射箭 骑马
     风筝 蘑菇 养蜂 汉服 漫画 相机 航模 火车模型 填字 数独 唱戏 票友 琴 棋 舞 钓 绣 弹 旅行 旅游 自驾 志愿 播客 魔术 相声 听书 品茶 茶道 无人机`,
  ],
  [
    /\b(?:sports?|exercises?|work ?outs?|fit|in shape|athletic|physically active|train(?:ing)?)\b|运动|锻炼|健身|体育|强身/u,
    `sport exercise gym fitness workout train jog run swim cycle hike climb boulder yoga pilates row ski snowboard skate surf dance
     football soccer basketball tennis badminton squash golf volleyball baseball handball cricket rugby hockey karate judo taekwondo boxing wrestle fencing archery triathlon marathon gymnastics aerobics crossfit zumba weights lift treadmill kilometre martial ballet bowling frisbee pool lap length track paddle polo dojo court league club
     运动 锻炼 健身 健身房 跑步 慢跑 晨跑 夜跑 公里 游泳 骑行 骑车 徒步 爬山 登山 攀岩 瑜伽 普拉提 太极 足球 篮球 排球 网球 羽毛球 乒乓 踢球 打球 台球 高尔夫 拳击 柔道 空手道 跆拳道 武术 击剑 射箭 马拉松 滑雪 滑冰 滑板 轮滑 划船 跳绳 跳舞 跳操 举铁 撸铁 体操 冲浪 潜水 教练 泳池 球场 球队 训练 千米 游 跑 练 泳`,
  ],
  [
    /\b(?:allerg\w+|intoleran\w+|diet\w*|(?:can'?t|cannot|don'?t|do not|not|never|shouldn'?t|should not|avoid|stay away from|restrictions?) (?:\w+ ){0,4}(?:eat\w*|drink|food|foods?)|foods? (?:\w+ ){0,4}(?:avoid|away|not|can'?t|cannot|don'?t))\b|过敏|忌口|禁忌|忌讳|(?:不能|不吃|不可以|不宜|不敢|不爱|不喜欢|避免|别)(?:吃|喝)?|不吃|饮食/u,
    `allergy allergic intolerance intolerant celiac coeliac vegan vegetarian pescatarian halal kosher diet avoid rash hives swell lip throat itch sneeze anaphylaxis epipen
     gluten lactose kiwi strawberry tomato onion garlic caffeine free dairy peanut nut almond walnut hazelnut cashew soy egg shellfish shrimp prawn crab lobster seafood fish pork beef meat sesame wheat milk mushroom cilantro coriander alcohol sugar caffeine pollen penicillin
     过敏 痒 疹 肿 戒 耐受 忌口 不吃 能吃 能喝 不喝 吃素 素食 清真 戒糖 戒酒 疹子 荨麻疹 红疹 花生 坚果 海鲜 虾 螃蟹 贝类 牛奶 乳糖 鸡蛋 麸质 小麦 猪肉 牛肉 羊肉 香菜 葱姜 芒果 猕猴桃 奶制品 乳制品 大豆 酒精 花粉 青霉素 低盐 低糖 无糖 控糖`,
  ],
  [
    /\b(?:foods?|eat|meals?|dish(?:es)?|cuisines?|cook|snacks?|breakfast|lunch|dinner|supper|restaurants?|recipes?|order for me)\b|吃什么|吃点|爱吃|食物|美食|口味|菜|零食|餐|做饭|饮食/u,
    `food dish cuisine meal eat taste spice spicy sweet savoury vegan vegetarian allergic delicious craving
     pasta pizza noodle ramen udon rice risotto curry sushi taco burrito burger steak roast stew soup salad sandwich dumpling kebab falafel hummus paella lasagna tapas pho omelette lasagne pancake waffle cheese bread chocolate cake ice cream dessert
     thai italian chinese japanese korean mexican indian vietnamese greek
     爱吃 欢吃 想吃 口味 辣 清淡 甜食 酸甜 重口 吃素 火锅 烧烤 烤肉 牛肉 羊肉 鸡肉 排骨 肉 汤 米饭 饺子 包子 馄饨 面条 拉面 米粉 米线 凉皮 寿司 披萨 汉堡 牛排 炒饭 咖喱 小龙虾 麻辣烫 川菜 粤菜 湘菜 日料 韩餐 西餐 蛋糕 甜点 甜品 巧克力 冰淇淋 奶酪 红烧肉 豆腐 `,
  ],
  [
    /\b(?:drinks?|beverages?|coffee|tea)\b|喝什么|饮料|饮品|咖啡|喝茶|茶/u,
    `drink coffee espresso latte cappuccino americano mocha flat white oat decaf milk sugar black cream tea matcha chai oolong juice lemonade soda cola water sparkling beer wine whisky gin cocktail smoothie cocoa kombucha
     爱喝 欢喝 不喝 咖啡 拿铁 美式 卡布奇诺 摩卡 手冲 浓缩 燕麦奶 加糖 加奶 加冰 绿茶 红茶 乌龙 普洱 龙井 铁观音 奶茶 果汁 可乐 汽水 豆浆 牛奶 啤酒 红酒 白酒 气泡水 矿泉水 柠檬 一杯`,
  ],
  [
    /\b(?:(?:do|did|does) (?:i|we|\w+) (?:\w+ )?live|where (?:i|we|\w+) lives?|living in|address|home|reside\w*|located|based)\b|住在?哪|住哪|住址|地址|住在|居住|我家在|定居|所在城市|哪个城市/u,
    `live move settle town city reside home house flat apartment condo studio address street avenue road lane floor neighbourhood district suburb rent lease landlord mortgage based relocate
     住在 搬到 搬家 搬去 搬来 定居 居住 安家 安了家 落脚 租房 租的 租了 房子 公寓 小区 号楼 楼 路 街 买房 买了房 新家 安家 落户 房东`,
  ],
  [
    /\b(?:(?:am|are|is|come|comes|originally) (?:\w+ )?from|hometown|origins?|(?:was|were) (?:i|we|\w+) (?:born|raised)|grow up|grew up|nationality|roots|born)\b|老家|家乡|故乡|哪里人|哪儿人|哪人|籍贯|出生地|国籍|来自|在哪里?长大/u,
    `hometown born grow raise native originally origin childhood village
     老家 家乡 故乡 籍贯 长大 出生 来自 本地人 土生土长 人`,
  ],
  [
    /\b(?:for a living|job|work (?:as|for)|line of work|profession|occupation|career|employ\w*|(?:kind|sort|type|line) of work|what (?:\w+ )?(?:i|we) work|where (?:\w+ )?(?:i|we|\w+) works?|company|firm)\b|工作|职业|上班|谋生|从事|职位|做什么的|干什么的|干哪行|哪行|公司|单位|雇主|任职/u,
    `work job profession employ hire join company firm startup office hospital school bank practice factory laboratory lab freelance self-employed repair sell manage shift colleague own business shop
     engineer developer programmer designer architect teacher professor lecturer nurse doctor surgeon dentist pharmacist vet paramedic lawyer judge accountant auditor analyst consultant manager director secretary assistant journalist editor writer translator artist musician photographer chef cook waiter barista baker butcher farmer gardener carpenter electrician plumber mechanic welder builder driver pilot sailor soldier police firefighter scientist researcher librarian psychologist therapist counselor hairdresser tailor cashier salesperson receptionist intern apprentice trainee teach
     上班 工作 任职 就职 入职 跳槽 进了 当 从事 公司 单位 医院 学校 工厂 银行 国企 外企 创业 修 卖 开店 诊所 店 自由职业 打工 开店
     工程师 程序员 设计师 建筑师 老师 教师 教授 护士 医生 牙医 药剂师 兽医 律师 法官 会计 审计 分析师 顾问 经理 总监 秘书 助理 记者 编辑 作家 翻译 画家 音乐家 摄影师 厨师 服务员 咖啡师 面包师 教书 授课 教 农民 园丁 木匠 电工 水管工 修理工 司机 飞行员 军人 警察 消防员 科学家 研究员 图书管理员 心理咨询师 理发师 裁缝 收银员 销售 前台 实习生 学徒 公务员`,
  ],
  [
    /\b(?:boss|manager|supervisor|report to|team lead)\b|领导|老板|上司|主管|上级|汇报/u,
    'boss manager supervisor under lead leader chief head report director 老板 领导 上司 主管 上级 经理 总监 组长 汇报 归 管',
  ],
  [
    /\b(?:wife|husband|spouse|partner|married|girlfriend|boyfriend|fianc[eé]e?|marital|relationship status|significant other)\b|妻子|老婆|太太|丈夫|老公|先生|配偶|爱人|对象|另一半|结婚|女朋友|男朋友|女友|男友|伴侣|婚/u,
    `wife husband spouse partner marry wed fiance fiancee engage girlfriend boyfriend date single divorce widow anniversary knot propose bride groom honeymoon together
     妻子 老婆 太太 媳妇 丈夫 老公 先生 配偶 爱人 对象 另一半 结婚 订婚 女朋友 男朋友 女友 男友 伴侣 一起 单身 离婚 领证 领的证 登记 求婚 蜜月 未婚妻 未婚夫`,
  ],
  [
    /\b(?:kids?|child(?:ren)?|sons?|daughters?)\b|孩子|小孩|儿女|子女|儿子|女儿|宝宝|娃/u,
    'child son daughter expect pregnant baby toddler twin newborn stepson stepdaughter boy girl teenager kindergarten 孩子 小孩 儿子 女儿 宝宝 闺女 双胞胎 老大 老二 娃 幼儿园 小学',
  ],
  [
    /\b(?:siblings?|brothers?|sisters?)\b|兄弟|姐妹|兄妹|哥哥|弟弟|姐姐|妹妹/u,
    'sibling brother sister twin stepbrother stepsister 兄弟 姐妹 哥哥 弟弟 姐姐 妹妹 大哥 二哥 大姐 二姐 哥 弟 姐 妹 堂哥 表弟 表姐 表妹',
  ],
  [
    /\b(?:parents?|mother|father|mum|mom|dad)\b|父母|爸妈|双亲|父亲|母亲|爸爸|妈妈/u,
    'parent mother father stepmother stepfather 父母 爸妈 爸爸 妈妈 父亲 母亲 老爸 老妈 爸 妈 爹 娘',
  ],
  [
    /\b(?:family|relatives?|grandparents|next of kin)\b|家人|家里人|亲人|亲戚|家里有(?:哪些|什么|几)|家庭成员|一家/u,
    `family wife husband child son daughter parent mother father brother sister sibling uncle aunt cousin nephew niece grandmother grandfather grandparent grandson granddaughter twin
     家人 妻子 老婆 太太 丈夫 老公 孩子 儿子 女儿 父母 爸爸 妈妈 父亲 母亲 哥哥 弟弟 姐姐 妹妹 爷爷 奶奶 外公 外婆 姥姥 姥爷 叔叔 阿姨 舅舅 姑姑 表弟 表姐 侄子 双胞胎 爸 妈 哥 弟 姐 妹 爷 奶 叔 舅 姑 姨`,
  ],
  [
    /\b(?:pets?|animals?|dogs?|cats?|pupp(?:y|ies)|kittens?)\b|宠物|动物|养了什么|养什么|(?:我|家)的?[狗猫]|狗狗|猫咪/u,
    `pet dog puppy cat kitten tabby siamese beagle labrador retriever poodle terrier spaniel dachshund corgi husky shepherd collie bulldog pug chihuahua hamster rabbit bunny guinea parrot budgie canary cockatiel turtle tortoise fish aquarium lizard gecko snake ferret hedgehog horse pony chicken hen rooster duck goose goat sheep donkey rat mouse gerbil chinchilla adopt vet leash
     宠物 养了 养着 小狗 狗狗 猫咪 小猫 橘猫 黑猫 白猫 猫 狗 金毛 柯基 泰迪 贵宾 拉布拉多 哈士奇 边牧 柴犬 比熊 博美 法斗 吉娃娃 土狗 仓鼠 兔子 鹦鹉 乌龟 金鱼 刺猬 蜥蜴 母鸡 鸭子 鹅 羊 马 龙猫 英短 美短 布偶 暹罗 领养 收养 遛狗 猫砂 狗粮`,
  ],
  [
    /\b(?:cars?|vehicles?|drive|driving)\b|什么车|的车|车型|开车|汽车|座驾/u,
    `car drive vehicle van truck suv motorbike motorcycle scooter hatchback sedan vespa moped ride pickup convertible wagon electric tyre mileage garage park
     volvo volkswagen toyota honda ford bmw audi mercedes skoda renault peugeot citroen fiat tesla hyundai kia mazda nissan subaru porsche opel seat mini jeep lexus chevrolet
     开车 开的 辆 骑 汽车 轿车 越野车 电动车 摩托 轮胎 驾照 停车 车牌 比亚迪 大众 丰田 本田 特斯拉 宝马 奔驰 奥迪 别克 吉利 蔚来 小鹏 福特 现代 日产 五菱`,
  ],
  [
    /\b(?:commut\w+|(?:get|go|travel|come) (?:in )?to (?:the )?(?:work|office)|way to work)\b|上下班|通勤|去上班|怎么上班|怎么去(?:公司|单位)|交通方式/u,
    `commute cycle bicycle tram train bus subway metro underground ferry carpool walk drive scooter office remote home
     通勤 上班 公司 单位 地铁 公交 骑车 骑 自行车 单车 电动车 开车 班车 打车 步行 走路 走去 轮渡 高铁 轻轨 拼车 居家办公`,
  ],
  [
    /\blanguages? (?:\w+ ){0,4}(?:speak|know|understand|fluent|talk)|(?:speak|know|fluent|mother|native|understand) (?:\w+ ){0,3}(?:languages?|tongue)|\b(?:which|what) languages?\b|什么语言|哪些语言|哪几种语言|几门语言|外语|母语|说什么话|会说/u,
    `language speak fluent native bilingual trilingual tongue accent dialect learn
     english german french spanish italian portuguese dutch swedish danish norwegian finnish polish czech hungarian romanian greek russian ukrainian turkish arabic hebrew persian hindi urdu bengali tamil chinese mandarin cantonese japanese korean vietnamese thai indonesian latin
     会说 会讲 母语 流利 英语 日语 韩语 法语 德语 西班牙语 葡萄牙语 意大利语 俄语 阿拉伯语 泰语 越南语 粤语 普通话 闽南语 客家话 上海话 四川话 方言 双语 语`,
  ],
  [
    /\b(?:stud(?:y|ying|ies)|learn(?:ing)?|courses?|class(?:es)?|major|degree|subject|university|college|school|graduat\w+|attend|qualification|education)\b|学什么|在学|学习|专业|学的|大学|学校|学历|毕业|上什么课|课程|念书|读书/u,
    `study learn course class lesson tutor major degree bachelor master phd doctorate diploma thesis semester university college school graduate student academy evening
     biology chemistry physics mathematics statistics history geography economics law medicine engineering psychology philosophy literature linguistics sociology business nursing architecture
     学习 在学 自学 学着 报了 报名 班 课 专业 本科 硕士 博士 研究生 毕业 大学 学院 在读 就读 念 考研 学位 论文 考证 备考 网课`,
  ],
  [
    /\b(?:afraid|scare[sdy]?|scaring|fears?|phobias?|frighten\w*|terrif\w+|anxious)\b|害怕|最怕|怕什么|恐惧|怕的/u,
    'afraid fear scare phobia terrify frighten panic dread anxious nervous nightmare claustrophobia faint spider snake height needle dark needle 害怕 怕 恐惧 恐高 恐慌 吓 紧张 心慌 噩梦 不敢 幽闭 晕血 头晕 不敢 蛇 蜘蛛 打雷 鬼',
  ],
  [
    /\b(?:medications?|medicines?|pills?|drugs?|prescriptions?|prescribed|dos(?:e|age))\b|什么药|药物|吃药|服药|用药/u,
    `medicine medication pill tablet capsule dose milligram mg prescribe prescription inject injection inhaler insulin antibiotic painkiller ibuprofen paracetamol aspirin statin antidepressant antihistamine metformin lisinopril atorvastatin simvastatin levothyroxine omeprazole amlodipine sertraline warfarin vitamin thinner anticoagulant thyroxine drops ointment
     吃药 服药 药 药片 一片 胶囊 毫克 处方 打针 注射 胰岛素 抗生素 止痛药 布洛芬 对乙酰氨基酚 阿司匹林 二甲双胍 他汀 奥美拉唑 氨氯地平 优甲乐 降压药 维生素 吸入器 眼药水 抗凝 中药`,
  ],
  [
    /\b(?:health|medical|illness(?:es)?|conditions?|diseases?|diagnos\w+|ailments?|sick|injur\w+)\b|健康|身体|毛病|疾病|生病|病史|什么病/u,
    `health diagnose illness disease chronic pain surgery operation hospital doctor asthma diabetes hypertension pressure cholesterol migraine headache arthritis anemia epilepsy thyroid allergy allergic depression anxiety insomnia heart kidney liver lung back knee hip shoulder sprain fracture injure pacemaker
     健康 生病 病 确诊 慢性 疼 痛 手术 住院 医生 哮喘 糖尿病 高血压 血压 血糖 胆固醇 偏头痛 头痛 关节炎 贫血 癫痫 甲状腺 抑郁 焦虑 失眠 心脏 肾 胃 溃疡 结石 囊肿 颈椎 腰椎 腰 膝盖 肩膀 骨折 扭伤 鼻炎 近视`,
  ],
  [
    /\b(?:wake|get up|rise|alarm)\b|几点(?:钟)?(?:起|醒)|起床|起来|早起|什么时候(?:起|醒)/u,
    'wake alarm start day clock early riser rise dawn oclock 起床 早起 醒 闹钟 睡醒 起来 醒',
  ],
  [
    /\b(?:sleep|go to bed|bed ?time)\b|睡觉|入睡|睡眠|几点睡|上床/u,
    'sleep bed bedtime asleep nap insomnia midnight owl 睡觉 入睡 睡 上床 熬夜 早睡 晚睡 失眠 午睡 休息',
  ],
  [
    /\b(?:how old|age|birthday|(?:date of|was i|i was) (?:birth|born)|born)\b|多大|几岁|年龄|岁数|年纪|生日|哪年出生|出生/u,
    'birthday age old born birth turn 生日 出生 年龄 岁 年纪 属',
  ],
  [
    /\b(?:music|songs?|bands?|singers?|listen(?:ing)?|genres?)\b|音乐|歌|听什么|乐队|歌手|谁的/u,
    `music song band album singer listen playlist concert spotify vinyl genre jazz rock pop punk metal folk blues classical opera techno house hip hop rap reggae soul funk indie country symphony
     音乐 歌 听歌 常听 爱听 歌手 乐队 专辑 演唱会 歌单 爵士 摇滚 流行 民谣 古典 说唱 电子 交响 粤剧 京剧 戏曲 轻音乐`,
  ],
  [
    /\binstruments?\b|乐器/u,
    `instrument guitar piano violin viola cello bass drum flute clarinet oboe saxophone trumpet trombone horn harp keyboard organ ukulele banjo accordion harmonica mandolin orchestra band
     乐器 钢琴 吉他 贝斯 小提琴 大提琴 提琴 长笛 笛子 箫 单簧管 双簧管 萨克斯 小号 圆号 架子鼓 手风琴 口琴 古筝 古琴 二胡 琵琶 尤克里里 葫芦丝 乐团 乐队`,
  ],
  [
    /\b(?:books?|read(?:ing)?|novels?|authors?)\b|什么书|的书|看书|读书|书籍|小说|作家|作者/u,
    'book novel read author writer trilogy saga chapter bestseller fiction biography poetry literature kindle library 书 小说 读 看完 读完 读了 作者 作家 名著 传记 诗集 科幻 文学',
  ],
  [
    /\b(?:films?|movies?|series|shows?|watch(?:ing)?)\b|电影|电视剧|看什么|剧集|影片|综艺/u,
    'film movie series season episode watch director actor cinema documentary thriller comedy drama anime netflix sitcom 电影 电视剧 剧 追剧 影片 导演 演员 纪录片 动漫 综艺 美剧 韩剧 看了 悬疑片 喜剧',
  ],
  [
    /\bcolou?rs?\b|颜色|色彩/u,
    `colour red blue green yellow orange purple violet pink brown black white grey gray turquoise teal beige navy maroon lavender crimson magenta cyan indigo burgundy olive mint gold silver
     颜色 红色 蓝色 绿色 黄色 橙色 紫色 粉色 黑色 白色 灰色 棕色 米色 天蓝 藏青 酒红 金色 银色`,
  ],
  [
    /\b(?:phone|mobile|smartphone|cell)\b|手机|电话/u,
    'phone iphone pixel galaxy samsung xiaomi huawei oneplus motorola nokia fairphone android ios mobile sim 手机 苹果 小米 华为 荣耀 三星 安卓 红米 一加 换机 电话',
  ],
  [
    /\b(?:operating system|os|computers?|laptops?|devices?|pc|machine|hardware|tablet)\b|操作系统|电脑|笔记本|设备|系统/u,
    `laptop computer desktop pc tablet monitor keyboard operating system linux ubuntu debian fedora arch mint nixos windows macos mac macbook imac ipad chromebook thinkpad dell lenovo surface raspberry
     电脑 笔记本 台式机 平板 显示器 装的 系统 操作系统 联想 戴尔 华硕 ubuntu windows mac linux`,
  ],
  [
    /\b(?:editor|ide)\b|编辑器|开发环境|开发工具/u,
    'editor vim neovim emacs vscode code sublime atom intellij pycharm webstorm xcode eclipse cursor zed helix nano notepad jetbrains 编辑器 写代码 开发 插件',
  ],
  [
    /\b(?:travel\w*|trips?|vacations?|holidays?|journeys?|going (?:on|away)|visit(?:ing)?)\b|旅行|旅游|度假|出游|出行|去哪里?玩|行程/u,
    `travel trip vacation holiday journey tour visit fly flight book hotel hostel airbnb cruise beach island camp itinerary passport visa airport ticket train week
     旅行 旅游 度假 出游 自驾 游 飞 机票 航班 酒店 民宿 订了 行程 签证 护照 海边 海岛 去玩 出国 高铁票`,
  ],
  [
    /\b(?:deadlines?|due|hand(?:ed)? in)\b|截止|期限|到期|什么时候交|要交/u,
    'deadline due submit submission hand deliver finish until by expire 截止 期限 之前 以前 要交 提交 交稿 上交 到期 交付 完成 最晚',
  ],
  [
    /\b(?:goals?|aim(?:s|ing)?|ambitions?|aspir\w+|resolutions?|dreams?|want to achieve|objectives?)\b|目标|理想|梦想|愿望|心愿|打算实现|志向/u,
    'goal aim want hope plan intend dream wish aspire target achieve save become resolution bucket 目标 想 想要 希望 打算 计划 梦想 愿望 争取 立志 攒钱 达到 减到 考上',
  ],
];

/** What is asked of a project. */
const ofProjects: readonly [asked: RegExp, told: string][] = [
  [
    /\b(?:tech(?:nology|nical)? stack|stack|(?:which|what|our|project) (?:\w+ )?(?:frameworks?|programming languages?|technolog(?:y|ies))|(?:is|are) .{1,40} (?:written in|built with))\b|技术栈|框架|编程语言|用什么(?:语言)?(?:写|开发)|技术选型/u,
    `stack backend frontend framework written typescript javascript python golang rust java kotlin swift ruby php scala elixir haskell c++ c# dotnet node nodejs deno react vue angular svelte nextjs django flask fastapi rails spring laravel express graphql grpc
     后端 前端 框架 写的 技术栈 typescript javascript python golang rust java kotlin react vue node django spring`,
  ],
  [
    /\b(?:(?:which|what|our|my|the|project) (?:\w+ )?(?:database|db|data store)|persisted)\b|(?:什么|哪[种个款]|我们的?|项目的?|用的?|这个)(?:是)?(?:什么)?数据库|数据库(?:是|用|选|在)|存在哪/u,
    'database db postgres postgresql mysql mariadb sqlite mongodb mongo redis oracle dynamodb cassandra clickhouse elasticsearch supabase table schema migration store 数据库 存在 存储 表 迁移 缓存 主库 从库',
  ],
  [
    /\b(?:deploy\w*|hosted|hosting|production|(?:server|app|service|site) (?:run|runs|running) on)\b|部署|上线|托管|服务器|跑在哪/u,
    `deploy host production server cloud aws azure gcp heroku vercel netlify cloudflare fly hetzner digitalocean kubernetes docker container cluster lambda run nginx release
     部署 上线 发布 跑在 托管 服务器 阿里云 腾讯云 华为云 容器 集群 生产环境 机房 镜像 云上`,
  ],
  [
    /\b(?:run|execute|start) (?:\w+ ){0,3}tests?\b|\btests? (?:\w+ ){0,2}(?:run|executed|command)\b|跑测试|(?:怎么|如何|怎样).{0,4}测试|测试(?:命令|怎么|如何)/u,
    'test check vitest jest mocha pytest junit playwright cypress ci lint npm pnpm yarn make cargo suite coverage push 测试 检查 执行 命令 单测 覆盖率 回归 流水线 npm pytest make',
  ],
  [
    /\b(?:conventions?|style guide|naming|coding (?:style|standards?)|guidelines?|code style)\b|规范|约定|命名|代码风格/u,
    'convention style name branch commit prefix snake camel kebab case indent tab space format lint prettier eslint guideline must rule 规范 约定 命名 分支 提交 前缀 缩进 格式 驼峰 下划线 统一 必须 风格',
  ],
  [
    /\b(?:responsible|in charge|owner|owns|maintain\w*|who (?:should|do|can) (?:i|we) (?:ask|contact|talk)|contact person|looks? after|takes? care)\b|谁(?:来)?(?:负责|管|做|维护)|负责人|找谁|联系谁|归谁/u,
    'responsible charge own owner look maintain lead handle contact care assign 负责 管理 维护 对接 来做 归 主管 牵头 联系人',
  ],
];

const ideograph = /^\p{Script=Han}$/u;

/** The terms of a word; of a longer Chinese one not its characters, which are part of too many words. */
function termsOf(word: string): string[] {
  return [...word].length === 1 ? [word] : words(word).flatMap((part) => (ideograph.test(part) ? [] : stem(part)));
}

interface Aspect {
  asked: RegExp;
  told: () => readonly string[];
}

function read([asked, told]: readonly [asked: RegExp, told: string]): Aspect {
  let known: readonly string[] | undefined;
  return { asked, told: () => (known ??= told.trim().split(/\s+/).flatMap(termsOf)) };
}

const people = ofPeople.map(read);
const projects = ofProjects.map(read);

const oneself = /\b(?:i|im|ive|id|my|mine|me|myself|we|our|us|users?)\b|[我咱俺]|用户/u;
const question =
  /\b(?:what|which|who|whom|whose|where|when|why|how|is|are|does|did|do|can|explain|write)\b|什么|啥|谁|哪|几|怎|多|为何|吗/u;

/** What a query asks of a life or a project. */
export interface AskedAspects {
  /** The terms that it is told with, each at weight 1; empty where no aspect is asked for. */
  told: ReadonlyMap<string, number>;
  /** How much of the query asks for it, from 1 (all) towards 0: what says more means something in particular. */
  share: number;
  /** Asks of the life of oneself. */
  ofOneself: boolean;
}

/** The aspects that a query asks for. Of a life only a person is asked: oneself, one who `isNamed`, or in keywords ("hobbies") whoever it is. */
export function askedAspects(query: string, isNamed: boolean): AskedAspects {
  const folded = fold(query);
  const isOwn = oneself.test(folded);
  const isPersonal = isNamed || isOwn || !question.test(folded);
  const ofLife = isPersonal ? people.filter((aspect) => aspect.asked.test(folded)) : [];
  const asked = [...ofLife, ...projects.filter((aspect) => aspect.asked.test(folded))];
  const told = new Map(asked.flatMap((aspect) => aspect.told().map((term) => [term, 1] as const)));
  return { told, share: told.size === 0 ? 0 : shareOf(asked, folded, isNamed), ofOneself: isOwn && ofLife.length > 0 };
}

function shareOf(asked: readonly Aspect[], folded: string, isNamed: boolean): number {
  const rest = asked.reduce((text, aspect) => text.replace(new RegExp(aspect.asked, 'gu'), ' '), folded);
  const others = terms(rest).filter((term) => !askingWords.has(term) && !askingCharacters.has(term));
  // Two ideographs are about a word; their pairs say it again.
  const count = others.reduce((sum, term) => sum + (ideograph.test(term) ? 0.5 : /\p{Script=Han}/u.test(term) ? 0 : 1), 0);
  return 1 / (1 + weights.toldBeside * Math.max(0, count - Number(isNamed)));
}
