import { describe, expect, it } from 'vitest';
import { createLexicalIndex } from '../../../src/core/ranking/lexical-index.js';
import { rank } from '../../../src/core/ranking/ranking.js';

/** Memories of a language, and queries in other inflections, spellings or without accents, with the place of the memory that answers. */
const languages: Record<string, { memories: string[]; queries: [string, number][] }> = {
  German: {
    memories: [
      'Meine Katze heißt Miezi und schläft auf dem Sofa',
      'Ich arbeite als Ärztin in einem Krankenhaus in Köln',
      'Mein Bruder wohnt seit drei Jahren in München',
      'Ich esse keine Nüsse, weil ich allergisch bin',
      'Am Wochenende wandern wir oft in den Bergen',
      'Das Auto muss im März zur Werkstatt',
      'Meine Tochter spielt Geige in der Schule',
    ],
    queries: [
      ['Welche Katzen habe ich?', 0],
      ['Wo arbeitet die Aerztin, Koln?', 1],
      ['In welcher Stadt wohnen meine Brüder?', 2],
      ['Was ist mit der Nuss, und bin ich allergisch?', 3],
      ['Wanderung in die Berge', 4],
      ['Spielen die Töchter Geigen?', 6],
    ],
  },
  French: {
    memories: [
      "J'habite à Lyon depuis l'été dernier",
      "Ma sœur étudie la médecine à l'université",
      'Je suis allergique aux arachides',
      "Mon chien s'appelle Filou et il adore la plage",
      'Nous avons acheté une voiture électrique rouge',
      'Le mot de passe du wifi est sous la boîte',
      "J'apprends à jouer de la guitare avec un ami",
    ],
    queries: [
      ['Où est-ce que nous habitons, en ete ?', 0],
      ['Quelles études de medecine fait ma soeur ?', 1],
      ["Ai-je une allergie à l'arachide ?", 2],
      ['Comment appeler les chiens à la plage ?', 3],
      ['acheter des voitures électriques', 4],
      ['apprendre la guitare', 6],
    ],
  },
  Spanish: {
    memories: [
      'Vivo en Sevilla con mis dos gatos',
      'Mi hermana trabaja de enfermera en un hospital',
      'Soy alérgico a los cacahuetes',
      'Me gusta escuchar canciones de jazz por la noche',
      'El cumpleaños de mi abuelo es en agosto',
      'Aprendí a cocinar paella con mi tía',
      'La contraseña del portal está en el cajón',
    ],
    queries: [
      ['¿Dónde viven el gato y su dueño?', 0],
      ['¿En qué hospitales trabajan las hermanas?', 1],
      ['alergica al cacahuete', 2],
      ['¿Qué canción escucho por las noches?', 3],
      ['cumpleanos de los abuelos', 4],
      ['¿Con quién aprendió a cocinar paellas?', 5],
    ],
  },
  Italian: {
    memories: [
      "Abito a Torino vicino all'università",
      'Mio fratello lavora in una banca',
      'Sono allergica alle fragole',
      'La mia ragazza suona il pianoforte',
      "Ho comprato un'automobile elettrica bianca",
      'Il gatto dorme sempre sulla poltrona',
    ],
    queries: [
      ["Dove abitiamo, vicino all'universita?", 0],
      ['In quali banche lavorano i fratelli?', 1],
      ['allergia alla fragola', 2],
      ['Chi suonava i pianoforti?', 3],
      ['automobili elettriche', 4],
    ],
  },
  Portuguese: {
    memories: [
      'Moro em Coimbra com a minha avó',
      'O meu irmão estuda informática na universidade',
      'Sou alérgica a camarão',
      'Comprei uma bicicleta vermelha na loja',
      'As reuniões da equipa são às terças',
      'O cão chama-se Bolinha e dorme na cozinha',
    ],
    queries: [
      ['Onde moram as avós?', 0],
      ['O que estudam os irmãos, informatica?', 1],
      ['alergia a camaroes', 2],
      ['comprar bicicletas vermelhas', 3],
      ['Quando é a reunião da equipa?', 4],
    ],
  },
  Dutch: {
    memories: [
      'Ik woon in een klein huis in Utrecht',
      'Mijn zus werkt als lerares op een school',
      'Ik ben allergisch voor noten',
      'De kat slaapt op de bank',
      'Wij fietsen elke zondag langs de rivier',
      'De verjaardag van mijn opa is in mei',
    ],
    queries: [
      ['Waar wonen wij, welke huizen in Utrecht?', 0],
      ['Op welke scholen werken mijn zussen?', 1],
      ['allergische voor noot', 2],
      ['Waar slapen de katten?', 3],
      ['gefietst langs rivieren', 4],
    ],
  },
  Swedish: {
    memories: [
      'Jag bor i en liten stuga utanför Uppsala',
      'Min bror arbetar som läkare på ett sjukhus',
      'Jag är allergisk mot jordnötter',
      'Vi badar i sjön varje sommar',
      'Katten sover på soffan',
      'Bilen är röd och gammal',
    ],
    queries: [
      ['Var ligger stugan i Uppsala?', 0],
      ['På vilka sjukhus arbetade läkarna?', 1],
      ['allergi mot jordnöt, allergiska', 2],
      ['bada i sjöar på sommaren', 3],
      ['Var sover katterna?', 4],
    ],
  },
  Turkish: {
    memories: [
      "Ankara'da küçük bir evde oturuyorum",
      'Kardeşim bir hastanede doktor olarak çalışıyor',
      'Fıstığa alerjim var',
      'Kedimin adı Pamuk ve koltukta uyuyor',
      "İstanbul'dan kırmızı bir bisiklet aldım",
      'Her sabah çay içmeyi severim',
      'Kitapları en üst rafta tutuyorum',
    ],
    queries: [
      ['Ankara evim nerede?', 0],
      ['Kardesler hastane icin calisiyor mu?', 1],
      ['kedim nerede uyuyor', 3],
      ['İSTANBUL BİSİKLET', 4],
      ['Sabah çaylar', 5],
      ['Kitap hangi rafta?', 6],
    ],
  },
  Indonesian: {
    memories: [
      'Saya tinggal di rumah kecil di Bandung',
      'Kakak saya bekerja sebagai guru di sekolah',
      'Saya alergi terhadap kacang',
      'Kucing itu tidur di kursi',
      'Kami membeli sepeda merah kemarin',
      'Saya suka minum kopi setiap pagi',
    ],
    queries: [
      ['Di mana rumahku, Bandung?', 0],
      ['Apa pekerjaan kakakku?', 1],
      ['kacang-kacangan', 2],
      ['Siapa pembeli sepeda?', 4],
      ['minuman di pagi hari', 5],
    ],
  },
  Vietnamese: {
    memories: [
      'Tôi sống ở Đà Nẵng cùng gia đình',
      'Chị gái tôi làm bác sĩ ở bệnh viện',
      'Tôi bị dị ứng với đậu phộng',
      'Con mèo ngủ trên ghế',
      'Chúng tôi mua xe đạp màu đỏ',
      'Mỗi sáng tôi uống cà phê',
    ],
    queries: [
      ['song o Da Nang', 0],
      ['bác sĩ bệnh viện nào', 1],
      ['di ung dau phong', 2],
      ['con meo ngu o dau', 3],
      ['xe dap mau gi', 4],
      ['uong ca phe', 5],
    ],
  },
  Finnish: {
    memories: [
      'Asun pienessä talossa Tampereella',
      'Siskoni työskentelee sairaalassa lääkärinä',
      'Olen allerginen pähkinöille',
      'Kissa nukkuu sohvalla',
      'Ostimme punaisen polkupyörän',
      'Juon kahvia joka aamu',
    ],
    queries: [
      ['Tampereella talossa', 0],
      ['Missä sairaalassa sisko on?', 1],
      ['Missä kissa nukkui?', 3],
      ['polkupyörä', 4],
      ['aamulla kahvi', 5],
    ],
  },
  Polish: {
    memories: [
      'Mieszkam w małym domu w Łodzi',
      'Moja siostra pracuje w szpitalu jako lekarka',
      'Mam alergię na orzechy',
      'Kot śpi na kanapie',
      'Kupiliśmy czerwony rower',
      'Codziennie rano piję kawę',
    ],
    queries: [
      ['Gdzie jest mój dom? Lodz', 0],
      ['W jakim szpitalu pracują siostry?', 1],
      ['alergia na orzech', 2],
      ['Na czym spi kot?', 3],
      ['kawa rano', 5],
    ],
  },
  Russian: {
    memories: [
      'Я живу в небольшом доме в Казани',
      'Моя сестра работает врачом в больнице',
      'У меня аллергия на орехи',
      'Кошку зовут Мурка, она спит на диване',
      'Мы купили красный велосипед',
      'Моё любимое блюдо — зелёный борщ',
      'Книги стоят на верхней полке',
    ],
    queries: [
      ['Где мои дома, в Казань?', 0],
      ['В каких больницах работают сёстры?', 1],
      ['аллергии на орех', 2],
      ['Как зовут кошек?', 3],
      ['любимые блюда, зеленого борща', 5],
      ['На какой полке книга?', 6],
    ],
  },
  Ukrainian: {
    memories: [
      'Я живу в маленькому будинку у Львові',
      'Моя сестра працює лікаркою в лікарні',
      'У мене алергія на горіхи',
      'Кішка спить на дивані',
      "Наш зв'язок працює добре",
      'Ми купили червоний велосипед',
    ],
    queries: [
      ['Де мої маленькі будинки?', 0],
      ['У яких лікарнях працюють сестри?', 1],
      ['алергію на горіх', 2],
      ['На чому сплять кішки?', 3],
      ['червоні велосипеди', 5],
    ],
  },
  Greek: {
    memories: [
      'Μένω σε ένα μικρό σπίτι στην Αθήνα',
      'Η αδελφή μου δουλεύει σε νοσοκομείο',
      'Είμαι αλλεργικός στα φιστίκια',
      'Ο σκύλος μου κοιμάται στον καναπέ',
      'Αγοράσαμε ένα κόκκινο ποδήλατο',
      'Κάθε πρωί πίνω καφέ',
    ],
    queries: [
      ['ΠΟΙΟ ΕΙΝΑΙ ΤΟ ΣΠΙΤΙ', 0],
      ['Σε ποια νοσοκομεια δουλευουν οι αδελφες;', 1],
      ['αλλεργια στο φιστικι', 2],
      ['Πού κοιμούνται οι σκύλοι;', 3],
      ['κόκκινα ποδήλατα', 4],
    ],
  },
  Arabic: {
    memories: [
      'أسكن في بيت صغير في الإسكندرية',
      'أختي تعمل طبيبة في المستشفى',
      'عندي حساسية من الفُستق',
      'القطة تنام على الأريكة',
      'اشتريت دراجة حمراء من المدينة',
      'أشرب القهوة كل صباح',
    ],
    queries: [
      ['البيت في الاسكندريه', 0],
      ['مستشفى الطبيبات', 1],
      ['حساسيه الفستق', 2],
      ['أين تنام قطتي', 3],
      ['دراجتي الحمراء', 4],
      ['قهوة الصبـــاح', 5],
    ],
  },
  Hebrew: {
    memories: [
      'אני גר בבית קטן בחיפה',
      'אחותי עובדת בבית החולים כרופאה',
      'יש לי אלרגיה לאגוזים',
      'החתול ישן על הספה',
      'קנינו אופניים אדומים',
      'אני שותה קפה כל בוקר',
    ],
    queries: [
      ['איפה חיפה', 0],
      ['רופאה בבתי חולים', 1],
      ['אגוז', 2],
      ['חָתוּל', 3],
      ['הקפה של הבוקר', 5],
    ],
  },
  Persian: {
    memories: [
      'من در خانه‌ای کوچک در شیراز زندگی می‌کنم',
      'خواهرم در بیمارستان کار می‌کند',
      'به بادام زمینی حساسیت دارم',
      'گربه روی مبل می‌خوابد',
      'دوچرخه قرمز خریدیم',
    ],
    queries: [
      ['شيراز كجا زندگي', 0],
      ['خواهر من در کدام بیمارستان', 1],
      ['حساسیت به بادام', 2],
      ['گربه کجا میخوابد', 3],
    ],
  },
  Hindi: {
    memories: [
      'मैं जयपुर में एक छोटे घर में रहता हूँ',
      'मेरी बहन अस्पताल में डॉक्टर है',
      'मुझे मूंगफली से एलर्जी है',
      'बिल्ली सोफे पर सोती है',
      'मैंने लाल किताबें खरीदीं',
      'मैं रोज़ सुबह चाय पीता हूँ',
    ],
    queries: [
      ['जयपुर में कौन रहती है', 0],
      ['बहनें किस अस्पताल में', 1],
      ['मूँगफली', 2],
      ['बिल्लियों का सोफा', 3],
      ['लाल किताब', 4],
      ['रोज चाय', 5],
    ],
  },
  Thai: {
    memories: [
      'ฉันอาศัยอยู่ในบ้านหลังเล็กที่เชียงใหม่',
      'พี่สาวของฉันทำงานเป็นหมอในโรงพยาบาล',
      'ฉันแพ้ถั่วลิสง',
      'แมวนอนบนโซฟา',
      'เราซื้อจักรยานสีแดง',
      'ฉันดื่มกาแฟทุกเช้า',
    ],
    queries: [
      ['บ้านของฉันอยู่ที่ไหน เชียงใหม่', 0],
      ['ใครทำงานที่โรงพยาบาล', 1],
      ['แพ้ถั่วอะไร', 2],
      ['แมวนอนที่ไหน', 3],
      ['จักรยานสีอะไร', 4],
      ['กาแฟตอนเช้า', 5],
    ],
  },
  Chinese: {
    memories: [
      '我住在杭州西湖附近的一间小公寓',
      '我妹妹在医院当护士',
      '我对花生过敏',
      '猫叫小橘，喜欢睡沙发',
      '我们买了一辆红色自行车',
      '每天早上我都喝乌龙茶',
      '服务器的端口是八千零八十',
    ],
    queries: [
      ['我住在哪里？', 0],
      ['妹妹在哪個醫院工作', 1],
      ['對什麼過敏？', 2],
      ['貓叫什麼名字', 3],
      ['紅色自行車', 4],
      ['早上喝什麼，烏龍茶嗎', 5],
      ['伺服器端口', 6],
    ],
  },
  Japanese: {
    memories: [
      '私は京都の小さなアパートに住んでいます',
      '妹は病院で看護師として働いている',
      'ピーナッツにアレルギーがあります',
      'ねこの名前はミケです',
      '赤い自転車を買いました',
      '毎朝りんごとコーヒーをとる',
    ],
    queries: [
      ['京都に住んでいる？', 0],
      ['病院で働いた妹', 1],
      ['ﾋﾟｰﾅｯﾂ', 2],
      ['ネコの名前は？', 3],
      ['自転車はどんな色', 4],
      ['リンゴ', 5],
    ],
  },
  Korean: {
    memories: [
      '나는 부산의 작은 아파트에 산다',
      '여동생은 병원에서 간호사로 일한다',
      '땅콩에 알레르기가 있다',
      '고양이는 소파에서 잔다',
      '빨간 자전거를 샀다',
      '매일 아침 커피를 마신다',
    ],
    queries: [
      ['부산에 있는 아파트는 어디?', 0],
      ['여동생이 일하는 병원', 1],
      ['땅콩 알레르기', 2],
      ['고양이가 어디서 자니', 3],
      ['자전거'.normalize('NFD'), 4],
      ['커피 마시는 아침', 5],
    ],
  },
};

const cases = Object.entries(languages).flatMap(([language, { memories, queries }]) =>
  queries.map(([query, place]) => ({ language, query, memories, wanted: memories[place] })),
);

describe('Recall by words', () => {
  it.each(cases)('finds in $language: $query', ({ query, memories, wanted }) => {
    const index = createLexicalIndex();
    for (const [order, text] of memories.entries()) index.add(text, { text, order });
    expect(rank({ index, query, windows: [], floor: Number.MIN_VALUE }).best(1)[0]?.id).toBe(wanted);
  });
});
