import { tellingTerms } from './analysis.js';

/** Everyday words that are asked with one and answered with another, a line a concept. Compiled by hand for this project. */
const concepts = `
job work career profession occupation employer company office boss colleague hire position salary
home house apartment live residence address move rent neighbourhood
school university class course student teacher study degree graduate major exam education
family parent mother father sister brother sibling son daughter child relative cousin uncle aunt grandparent
partner husband wife spouse marry boyfriend girlfriend date relationship engaged
pet dog cat puppy kitten rabbit bird hamster animal
friend buddy companion mate
food eat meal dish cuisine restaurant dinner lunch breakfast cook recipe snack dessert bake
drink coffee tea wine beer juice beverage
sport exercise workout gym fitness run swim hike yoga train
game play tournament match team score console
music song band concert instrument sing guitar piano violin album
book read novel author story library literature
film watch show series television theater cinema
art paint draw sculpture pottery craft gallery museum
travel trip journey visit vacation tour flight abroad country
car drive vehicle truck bicycle motorcycle
health doctor hospital sick illness disease medicine therapy diagnose symptom
allergy allergic intolerant
pain hurt injure ache sore wound
money pay cost price budget spend salary expense afford loan debt
buy purchase shop order store
gift present surprise receive
birthday age old born year
party celebrate celebration anniversary festival ceremony
hobby interest activity pastime leisure enjoy passion
favourite love prefer enjoy like best
hate dislike avoid annoy
happy joy glad excite proud delight
sad upset depress grief disappoint cry
afraid fear scare worry anxious nervous stress
calm relax peace meditate unwind destress rest
plan goal intend aim dream hope future aspire
problem issue trouble challenge difficulty struggle setback
help support assist volunteer charity donate
begin start launch open found
end finish complete quit stop
win award prize trophy medal victory
lose fail defeat
weather rain snow storm sun wind temperature
nature forest mountain lake beach ocean river park outdoor camp
garden plant flower tree grow
clothes wear dress shirt shoe jacket fashion outfit
computer laptop software program code developer bug
server host port deploy database cluster
phone call number mobile contact
religion faith church pray spiritual temple
language speak translate fluent native
city town village place location
country nation origin homeland immigrate
movement activist rights protest community
event conference meeting workshop seminar fair
photo camera shoot
cause reason motivate inspire
learn teach skill practice lesson
write author blog journal poem poetry
advice suggest recommend tip
name call nickname
baby pregnant birth adopt
die death funeral pass
house repair renovate fix build
business startup shop owner client customer
sibling brother sister
colour color paint
nickname name called
marry wedding bride groom honeymoon
divorce separate breakup split
pregnant baby birth newborn
retire retirement pension
promote promotion raise
resign quit leave fire layoff
apply application interview candidate
project task assignment deadline
colleague coworker teammate
manager supervisor lead
sleep nap insomnia bed
diet vegetarian vegan calorie weight
smoke cigarette tobacco
alcohol drunk sober bar pub
surgery operation procedure
medication pill dose prescription
dentist tooth teeth
glasses eye vision
tall height size
accident crash collision
insurance claim policy
tax income wage
invest stock share fund savings
bank account card
sell sale auction
broken damage crack fix
lost missing misplace
steal thief rob
police crime law court
army military soldier veteran
vote election politics government
clean tidy wash laundry
furniture sofa table chair
kitchen oven stove fridge
window door wall roof
key lock password
letter mail email message
internet wifi network
website site page
file folder document
test check verify
error failure crash exception
release deploy launch ship
branch commit merge repository
version upgrade update
backup restore snapshot
monday weekday workday
weekend saturday sunday
morning breakfast dawn
evening night dinner
hurry late delay
early soon
holiday vacation trip
airport plane flight
train station railway
hotel hostel accommodation stay
map route direction
language fluent accent
culture tradition custom
dance ballet salsa studio
theatre play stage perform
museum exhibition gallery
photo picture image camera
draw sketch doodle
sew knit craft
bake bread cake oven
spice spicy hot chili
sweet sugar dessert
vegetarian vegan meat
beach sea coast shore
mountain hill peak summit
camp tent campfire
bird fish insect wildlife
farm barn crop harvest
environment climate recycle
energy electricity power
friendly kind nice warm
smart clever intelligent
brave courage bold
angry mad furious upset
lonely alone isolated
tired exhausted fatigue
busy schedule workload
proud achievement accomplish
grateful thankful appreciate
inspire motivate encourage
believe faith trust
honest truth lie
decide decision choose choice
agree accept approve
refuse reject decline
change switch replace
increase grow rise
reduce drop decrease
member join club group
neighbour neighbor next
child kid children
man guy gentleman
woman lady
teen teenager adolescent
old elderly senior
工作 上班 职业 公司 单位 就职 任职 职位 岗位
家 住 居住 住址 地址 搬家 租房 房子 公寓
学校 大学 上学 读书 专业 毕业 学习 课程
结婚 婚礼 老公 老婆 丈夫 妻子 配偶 爱人 对象
男友 女友 男朋友 女朋友 恋爱 对象
父母 爸妈 爸爸 妈妈 父亲 母亲 家人
孩子 儿子 女儿 宝宝 小孩
朋友 好友 闺蜜 哥们 同学
同事 领导 老板 上司 主管
生日 出生 年龄 岁数 几岁
喜欢 爱吃 爱喝 最爱 偏好 爱好 热爱
讨厌 不喜欢 反感 受不了
吃饭 美食 食物 餐厅 饭店 口味 菜
过敏 不能吃 忌口 饮食 禁忌
喝 饮料 咖啡
运动 锻炼 健身 跑步
生病 医院 看病 医生 病 药
钱 工资 薪水 收入 预算 花费 价格
买 购买 购物 下单
旅行 旅游 出差 度假 出游
开车 汽车 驾照 车
手机 电话 号码 联系方式
电脑 笔记本 设备
邮箱 邮件 电邮
密码 口令
宠物 猫 狗 养
电影 电视剧 影片 看过
书 小说 阅读 作者
音乐 歌曲 歌手 唱歌 演唱会
游戏 打游戏 玩
计划 打算 目标 准备 想要
开始 启动 创办
结束 完成 停止 放弃
开心 高兴 快乐
难过 伤心 失落 沮丧
担心 焦虑 害怕 紧张 压力
累 疲惫 加班 忙
考试 成绩 分数 通过
会议 开会 讨论
竞品 竞争 对手
项目 任务 需求 进度
服务器 主机 部署 端口
报错 错误 异常 故障 问题
天气 下雨 下雪 气温
节日 过节 放假 假期
礼物 送 收到
帮助 帮忙 支持
学会 学 教 练习
比赛 冠军 获奖 得奖 赢
语言 英语 外语 会说
老家 家乡 故乡 出生地
`;

function readConcepts(): Map<string, Set<string>> {
  const related = new Map<string, Set<string>>();
  for (const line of concepts.trim().split('\n')) {
    const members = tellingTerms(line);
    for (const member of members) {
      const others = members.filter((other) => other !== member);
      related.set(member, new Set([...(related.get(member) ?? []), ...others]));
    }
  }
  return related;
}

let related: ReadonlyMap<string, ReadonlySet<string>> | undefined;
const none: ReadonlySet<string> = new Set();

/** The terms that name the same everyday concept as a term. Reads the concepts at the first one, which takes some 20 ms. */
export function relatedTerms(term: string): ReadonlySet<string> {
  related ??= readConcepts();
  return related.get(term) ?? none;
}
