import { queryTerms } from './analysis.js';

/**
 * Everyday words of one meaning, a line a meaning: English, German, French, Spanish, Italian, Portuguese, Russian, Japanese
 * and Chinese, in the forms in which they are mostly written. Left out are words that mean something else in another of
 * these languages. Compiled by hand for this project.
 */
const lines = `
wife | frau ehefrau | epouse | esposa mujer | moglie | жена супруга | 妻 奥さん 嫁 | 妻子 老婆 太太
husband | ehemann | marido | marito | муж супруг | 夫 旦那 | 丈夫 老公
partner | partnerin lebensgefährte | compagnon compagne conjoint | pareja | compagno compagna | parceiro companheiro | партнёр | 恋人 | 伴侣 对象
girlfriend | freundin | copine | novia | fidanzata ragazza | namorada | девушка подруга | 彼女 | 女朋友 女友
boyfriend | copain | novio | fidanzato ragazzo | namorado | парень | 彼氏 | 男朋友 男友
child | kinder kindern | enfant enfants | hijo hijos niño niños | figlio figli bambino bambini | filho filhos criança crianças | ребёнок дети детей | 子供 子ども | 孩子 小孩 宝宝
son | sohn söhne | fils | hijo | figlio | filho | сын | 息子 | 儿子
daughter | tochter töchter | hija niña | figlia | filha | дочь дочка | 娘 | 女儿
mother | mutter mama | mère maman | madre mamá | mamma | mãe | мать мама | 母 母親 お母さん | 母亲 妈妈 老妈
father | vater | père | padre | papà babbo | отец папа | 父 父親 お父さん | 父亲 爸爸 老爸
parent | eltern | parents | padres | genitori | родители | 両親 親 | 父母 爸妈
brother | bruder brüder | frère frères | hermano hermanos | fratello fratelli | irmão irmãos | брат | 弟 兄弟 お兄さん | 弟弟 哥哥
sister | schwester schwestern | soeur soeurs | hermana hermanas | sorella sorelle | irmã irmãs | сестра | 妹 姉 姉妹 | 姐姐 妹妹
grandmother | großmutter oma | mamie | abuela | nonna | avó | бабушка | 祖母 おばあさん | 奶奶 外婆 姥姥
grandfather | großvater opa | papi | abuelo | nonno | avô | дедушка дед | 祖父 おじいさん | 爷爷 外公 姥爷
family | familie | famille | familia | famiglia | família | семья | 家族 | 家人 家庭
friend | freund freunde freunden | amigo amiga amigos | amico amica amici | друг друзья | 友達 友人 | 朋友 好友
name | vorname nachname heißt heiße | nom prénom appelle | nombre apellido llamo llama | nome cognome chiamo chiama | sobrenome chamo chama | имя фамилия зовут | 名前 氏名 | 名字 姓名
birthday | geburtstag geburtstage | anniversaire | cumpleaños | compleanno | aniversário | рождения рождение | 誕生日 | 生日
age | jahre | âge | edad años | età anni | idade anos | возраст лет | 年齢 歳 | 年龄 岁数
job | beruf arbeit arbeite | métier emploi travail travaille | trabajo empleo profesión trabaja | lavoro professione mestiere lavora | emprego profissão trabalha | работа работаю работает профессия | 仕事 職業 働いて | 工作 职业 上班
company | firma unternehmen arbeitgeber | entreprise société employeur | empresa compañía | azienda ditta | компания фирма | 会社 勤務先 | 公司 单位
boss | chefin vorgesetzter teamleiterin | jefe jefa | chefe | начальник начальница руководитель | 上司 | 领导 老板
colleague | kollege kollegin kollegen | collègue collègues | compañero compañera compañeros | collega colleghi | colega colegas | коллега коллеги | 同僚 | 同事
salary | gehalt lohn | salaire | sueldo salario nómina | stipendio | salário | зарплата зарплату | 給料 給与 時給 | 工资 薪水 月薪
school | schule | école | escuela colegio | scuola | escola | школа гимназия | 学校
kindergarten | kita | maternelle crèche garderie | guardería | asilo | creche | садик | 幼稚園 保育園 | 幼儿园
teacher | lehrer lehrerin | professeur enseignant maîtresse | maestro maestra profesor profesora | insegnante professore | professora professor | учитель учительница | 先生 教師 教授 | 老师 教师
university | universität hochschule | université fac | universidad | università | universidade | университет институт | 大学
study | studium studiere | études | estudio estudios | studi | estudo estudos | учёба учусь | 専攻 勉強 | 专业 学习
exam | prüfung klausur | examen | esame | prova exame | экзамен | 試験 | 考试
live | wohnt wohne wohnen | habite habitent | vivo vive viven vivimos | abito abita | moro mora | живу живёт живут | 住んで 暮らし | 住在 居住
address | adresse anschrift wohnort | dirección domicilio | indirizzo | endereço | адрес | 住所 | 地址 住址
house | haus | maison | casa | дом | 家 | 房子
apartment | wohnung | appartement logement | piso apartamento | appartamento | квартира | アパート マンション | 公寓 住房
rent | miete | loyer | alquiler alquilamos | affitto | aluguel | аренда | 家賃 | 房租 租金
mortgage | hypothek kredit | hypothèque prêt | hipoteca | mutuo | ипотека | 住宅ローン | 房贷 贷款
city | stadt | ville | ciudad | città | cidade | город | 都市 | 城市
phone | telefon handy telefonnummer | téléphone | teléfono móvil | telefono cellulare | telefone celular | телефон | 電話 携帯 | 电话 手机
email | mail | courriel | correo | posta | correio | почта | メール | 邮箱 邮件
password | passwort kennwort | contraseña | parola | senha | пароль | パスワード | 密码
car | wagen | voiture | coche carro | macchina | машина автомобиль | 車 自動車 | 汽车
bicycle | fahrrad | vélo | bicicleta bici | bicicletta | велосипед | 自転車 | 自行车
licence license | führerschein | permis | carné | patente | carteira | права | 免許 | 驾照
flight | flug | vol | vuelo | volo | voo | рейс | 飛行機 航空 | 航班 机票
train | zug bahn | tren | treno | trem | поезд | 電車 新幹線 | 火车 高铁
vacation trip | urlaub ferien reise | vacances voyage | vacaciones viaje | vacanza vacanze viaggio | férias viagem | отпуск каникулы поездка | 旅行 休暇 休み | 旅游 度假 假期
hotel | unterkunft | hébergement | alojamiento | albergo alloggio | hospedagem | гостиница отель | ホテル 旅館 | 酒店 宾馆
dog | hund hunde | chien chienne | perro perra | cachorro | собака | 犬 | 狗 小狗 狗狗
cat | katze katzen kater | gato gata | gatto gatta | кошка кот | 猫 | 猫咪
pet | haustier haustiere | domestique | mascota mascotas | animale domestico | питомец питомцы | ペット 飼って | 宠物 养了
allergy | allergie allergien allergisch unverträglichkeit | allergique | alergia alergias alérgica alérgico | allergia allergico allergica | аллергия | アレルギー | 过敏 忌口
food | essen speise gericht | nourriture repas plat | comida comer | cibo mangiare piatto | refeição | еда блюдо ем | 食べ物 料理 | 食物 美食 吃
drink | trinke trinkt getränk | boisson boire | bebida bebo | bevanda bevo | напиток пью | 飲み物 | 饮料 喝
coffee | kaffee | café | caffè | кофе | コーヒー | 咖啡 拿铁
tea | tee | thé | thè | chá | чай | お茶 紅茶 緑茶 | 喝茶 绿茶 红茶
vegetarian | vegetarier vegetarierin vegetarisch | végétarien végétarienne | vegetariano vegetariana | вегетарианец вегетарианка | ベジタリアン 菜食 | 素食 吃素
recipe | rezept | recette | receta | ricetta | receita | рецепт | レシピ | 菜谱 食谱
like prefer favourite | mag gern lieblings bevorzuge vorliebe | préfère préféré | gusta prefiero favorito favorita preferido | piace preferisco preferito | gosto prefiro | люблю любимый предпочитаю нравится | 好き 好む | 喜欢 偏好 最爱
preference | vorlieben präferenzen | préférences | preferencias | preferenze | preferências | предпочтения | 好み | 偏好
hate dislike | hasse | déteste | odio disgusta | odeio | ненавижу | 嫌い 苦手 | 讨厌
hobby | hobbys freizeit | loisirs | afición aficiones | passatempo | хобби увлечение | 趣味 | 爱好 兴趣
sport | sportart | deporte | esporte | спорт | スポーツ 運動 | 运动 健身
swimming | schwimmen | natation | natación | nuoto | natação | плавание | 水泳 | 游泳
music | musik | musique | música | musica | музыка | 音楽 バンド | 音乐 听歌
song | lieder | chanson | canción | canzone | canção | песня | 歌 曲 | 歌曲
book | buch bücher | livre livres | libro libros | libri | livro livros | книга | 本 読書 | 书 读书
read | lese gelesen | lis | leyendo leer | leggo leggendo | lendo | читаю | 読み 読んで | 在读 阅读
film | kino | cinéma | película | pellicola | filme | фильм кино | 映画 | 电影
series | serie | série | сериал | ドラマ | 电视剧 剧
game | spiel spiele | jeu jeux | juego juegos | gioco giochi | jogo jogos | игра | ゲーム | 游戏
wedding | hochzeit | mariage noces | boda | nozze matrimonio | casamento | свадьба | 結婚式 結婚 | 婚礼 结婚
honeymoon | flitterwochen hochzeitsreise | nozze | медовый | 新婚旅行 | 蜜月
gift | geschenk geschenke wünscht | cadeau cadeaux | regalo regalos | regali | подарок подарки хочет мечтает | プレゼント 贈り物 欲しい | 礼物 想要
doctor | arzt ärztin | médecin docteur | médico médica doctora | medico dottore dottoressa | врач доктор | 医者 医師 | 医生 大夫
dentist | zahnarzt zahnärztin | dentiste | dentista | стоматолог зубной | 歯医者 歯科 | 牙医
paediatrician pediatrician | kinderarzt kinderärztin | pédiatre | pediatra | педиатр | 小児科 | 儿科
hospital | krankenhaus klinik | hôpital clinique | clínica | ospedale clinica | больница | 病院 入院 | 医院 住院
medicine | medikament medikamente medizin tablette | médicament médicaments | medicamento medicina pastilla toma | farmaco | remédio | лекарство лекарства принимает | 薬 | 药 用药
illness | krankheit krank | maladie malade | enfermedad enfermo enferma | malattia malato | doença doente | болезнь болеет | 病気 体調 | 生病 疾病 病
injury | verletzung verletzt | blessure | lesión herida | infortunio ferita | lesão | травма | 怪我 | 受伤 伤
operation surgery | opération chirurgie | operación cirugía | operazione intervento | cirurgia | операция | 手術 | 手术
vaccination vaccine | impfung | vaccin | vacuna vacunas | vaccino | vacina | прививка | 予防接種 ワクチン | 疫苗
glasses | brille | lunettes | gafas lentes | occhiali | óculos | очки | 眼鏡 メガネ | 眼镜
back | rücken | espalda | schiena | costas | спина | 腰 背中 | 背
diabetes | zuckerkrankheit | diabète | diabete | диабет | 糖尿病
appointment meeting | termin termine besprechung | réunion | cita reunión | appuntamento riunione | reunião consulta | встреча собрание приём | 予約 会議 予定 | 预约 会议 开会 约
schedule | zeitplan stundenplan dienstplan | horaire | horario turno | orario | horário | расписание график | 時間割 シフト スケジュール | 日程 时间表
shift | schicht | turno | смена | シフト | 班次 排班
deadline | frist abgabetermin | échéance | plazo | scadenza | prazo | срок сроки | 締め切り 期限 | 截止
plan | pläne vorhaben | projet projets | piani programma | planos | планы планируем хотим | 予定 計画 | 计划 打算 安排
money | geld | argent | dinero | soldi denaro | dinheiro | деньги | お金 金額 | 钱 金额
price cost | preis kosten beträgt | prix coût coûte | precio cuesta coste | prezzo costa | preço custa | цена стоит | 値段 費用 価格 | 价格 费用 多少钱
tax | steuer steuern steuererklärung | impôt impôts | impuesto impuestos declaración | tassa tasse imposte | imposto impostos | налог налоги | 税金 確定申告 | 税 个税 报税
insurance | versicherung | seguro aseguradora | assicurazione | страховка | 保険 | 保险
bank account | konto bankkonto | compte banque | cuenta banco | conto banca | conta | счёт банк | 口座 銀行 | 账户 银行卡 银行
invoice | rechnung rechnungen | facture factures | factura facturas | fattura fatture | fatura | 請求書 | 发票
contract | vertrag | contrat | contrato | contratto | договор контракт | 契約 | 合同
language | sprache sprachen | langue langues | idioma idiomas lengua | lingua lingue | língua línguas | язык языке | 言語 日本語 英語 | 语言 中文 英文
answer response reply | antwort antworten antworte | réponse réponses réponds | respuesta respuestas | risposta risposte rispondi | resposta respostas responda | ответ ответы отвечай пиши | 回答 返事 | 回复 答复
style | stil | estilo | stile | стиль | スタイル | 风格
short brief | kurz knapp | bref | breve breves corto | curto | кратко | 短く 簡潔 | 简短 简洁
laptop computer | rechner | ordinateur | portátil ordenador | portatile | computador | ноутбук компьютер | パソコン ノートパソコン | 电脑 笔记本
programming code | programmieren programmiersprache | programmation | programación | programmazione | programação | программирование код | プログラミング コード | 编程 代码
database | datenbank | база | データベース | 数据库
server | servers | serveur | servidor | сервер | サーバー | 服务器
production | produktion produktiv | producción | produzione | produção | продакшн продакшен | 本番 | 生产环境 生产
environment | umgebung | environnement | entorno | ambiente | окружение среда | 環境 | 环境
deployment | ausrollen bereitstellung | déploiement | despliegue | distribuzione | implantação | развёртывание деплой | デプロイ | 部署 发版
backup | datensicherung sicherung | sauvegarde | copia respaldo | salvataggio | cópia | резервная | バックアップ | 备份
certificate | zertifikat zertifikate zertifikaten | certificat | certificado | certificato | сертификат | 証明書 | 证书
bug error | fehler | erreur bogue | fallo avería | errore | erro falha | ошибка | 不具合 エラー | 错误 故障 缺陷
outage incident | ausfall vorfall störung | panne | incidente avería falló | guasto | queda | сбой авария | 障害 | 故障 事故
payment | zahlung bezahlung | paiement | pago pagamos | pagamento | платёж оплата | 支払い 決済 | 支付 付款
customer client | kunde kunden | clients | cliente clientes | clienti | клиент клиенты | 顧客 お客 | 客户
project | projekt projekte | projet | proyecto proyectos | progetto progetti | projeto projetos | проект проекты | プロジェクト | 项目
team | mannschaft | equipo | squadra | команда | チーム | 团队
decision | entscheidung entschieden | décision décidé | decisión decidido decidimos | decisione deciso | decisão | решение решили | 決定 決めた | 决定 决策
test | prüfen | prueba pruebas | prova | teste | тест | テスト | 测试
version | fassung | versión | versione | versão | версия | バージョン | 版本
document | dokument unterlagen | documento | документ | 書類 文書 資料 | 文档 文件
turtle tortoise | schildkröte | tortue | tortuga | tartaruga | черепаха | 亀 | 乌龟
rabbit | kaninchen hase | lapin | conejo | coniglio | coelho | кролик | うさぎ | 兔子
hamster | hamster | хомяк | ハムスター | 仓鼠
bird | vogel vögel | oiseau | pájaro | uccello | pássaro | птица попугай | 小鳥 インコ | 小鸟 鹦鹉
horse | pferd pferde | cheval | caballo | cavallo | cavalo | лошадь | 乗馬 | 骑马
football soccer | fußball | fútbol | calcio | futebol | футбол | サッカー | 足球
running | laufen joggen | courir | correr | corsa corro | corrida | бег бегаю | ランニング | 跑步
climbing | klettern bouldern | escalade | escalada | arrampicata | скалолазание | クライミング | 攀岩
hockey | eishockey | хоккей | ホッケー | 冰球
tennis | теннис | テニス | 网球
fishing | angeln | pêche | pesca pescar | рыбалка | 釣り | 钓鱼
knitting | stricken stricke | tricoter | tejer | lavorare | вязать вяжу | 編み物 | 编织
painting | malen male | peinture | pintar pintura | dipingere pittura | рисовать рисует | 絵画 | 画画
dancing | tanzen | danse | bailar baile | danza ballo | dança | танцы танец | ダンス | 跳舞
cooking | kochen koche | cuisiner | cocinar | cucinare | cozinhar | готовить готовлю | 料理 | 做饭 烹饪
gardening | garten gartenarbeit | jardin jardinage | jardín jardinería | giardino giardinaggio | jardim | сад садоводство | 園芸 | 园艺
photography | fotografie fotografieren | photographie | fotografía | fotografia | фотография | 写真 | 摄影
guitar | gitarre | guitare | guitarra | chitarra | violão | гитара | ギター | 吉他
piano | klavier | piano | pianoforte | пианино фортепиано | ピアノ | 钢琴
engineer | ingenieur ingenieurin | ingénieur | ingeniero ingeniera | ingegnere | engenheiro | инженер | エンジニア | 工程师
nurse | krankenschwester pfleger krankenpfleger | infirmier infirmière | enfermero enfermera | infermiere infermiera | enfermeira | медсестра | 看護師 | 护士
accountant | buchhalter buchhalterin | comptable | contable | contabile | contador | бухгалтер | 会計士 | 会计
lawyer | anwalt anwältin | avocat avocate | abogado abogada | avvocato | advogado | юрист адвокат | 弁護士 | 律师
driver | fahrer | chauffeur | conductor | autista | motorista | водитель | 運転手 | 司机
developer programmer | entwickler entwicklerin programmierer | développeur développeuse | desarrollador programador | sviluppatore | desenvolvedor | программист разработчик | 開発者 プログラマー | 程序员 开发
marry | heiraten heirate | marier mariés | casarse casamos casado casada | sposarsi sposato sposata | casado | жениться женат замужем | 結婚 | 结婚
diet nutrition | ernährung diät | régime | dieta | питание диета | 食事 | 饮食
summer | sommer | été | verano | verão | лето летом | 夏休み | 夏天 暑假
winter | winter | hiver | invierno | inverno | зима зимой | 冬休み | 冬天
spring | frühling frühjahr | printemps | primavera | весна весной | 春休み | 春天
autumn fall | herbst | automne | otoño | autunno | outono | осень осенью | 秋 | 秋天
security | sicherheit | sécurité | seguridad | sicurezza | segurança | безопасность | セキュリティ | 安全
`;

/** A word as the terms that it is found by: one, or of a script without spaces its pairs of characters. */
type Word = readonly string[];

function readWord(word: string): Word {
  const found = queryTerms(word).map(({ term }) => term);
  const pairs = found.filter((term) => [...term].length === 2);
  return unspaced.test(word) && pairs.length > 0 ? pairs : found;
}

const unspaced = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u;

/** A word, and the other words of a meaning that it has. */
interface Meaning {
  word: Word;
  same: readonly Word[];
}

/** The meanings by the first term of their words. */
function readMeanings(): Map<string, Meaning[]> {
  const byFirst = new Map<string, Meaning[]>();
  const learn = (word: Word, same: readonly Word[]) => {
    const [first = ''] = word;
    byFirst.set(first, [...(byFirst.get(first) ?? []), { word, same }]);
  };
  for (const line of lines.trim().split('\n')) {
    const [english = [], ...others] = line.split(' | ').map((column) => column.split(' ').map(readWord));
    const foreign = others.flat();
    // English words that mean nearly the same are the matter of the concepts.
    for (const word of english) learn(word, foreign);
    for (const word of foreign) learn(word, [...english, ...foreign]);
  }
  return byFirst;
}

let meanings: ReadonlyMap<string, readonly Meaning[]> | undefined;

/**
 * The terms of words that mean the same as one among the given terms, each with the share of its word that it is, 0 to 1;
 * empty where there is no everyday word among them. Reads the words
 * at the first call.
 */
export function translationsOf(given: ReadonlySet<string>): Map<string, number> {
  meanings ??= readMeanings();
  const found = new Map<string, number>();
  for (const term of given) {
    for (const { word, same } of meanings.get(term) ?? []) {
      if (!word.every((part) => given.has(part))) continue;
      for (const other of same) {
        for (const part of other) if (!given.has(part)) found.set(part, Math.max(found.get(part) ?? 0, 1 / other.length));
      }
    }
  }
  return found;
}
