import { stemmer as danish } from '@orama/stemmers/danish';
import { stemmer as dutch } from '@orama/stemmers/dutch';
import { stemmer as finnish } from '@orama/stemmers/finnish';
import { stemmer as french } from '@orama/stemmers/french';
import { stemmer as german } from '@orama/stemmers/german';
import { stemmer as hungarian } from '@orama/stemmers/hungarian';
import { stemmer as indonesian } from '@orama/stemmers/indonesian';
import { stemmer as italian } from '@orama/stemmers/italian';
import { stemmer as norwegian } from '@orama/stemmers/norwegian';
import { stemmer as portuguese } from '@orama/stemmers/portuguese';
import { stemmer as romanian } from '@orama/stemmers/romanian';
import { stemmer as spanish } from '@orama/stemmers/spanish';
import { stemmer as swedish } from '@orama/stemmers/swedish';
import { stemmer as turkish } from '@orama/stemmers/turkish';
import { stemmer as ukrainian } from '@orama/stemmers/ukrainian';
import { stopWords } from './english.js';
import { fold } from './folding.js';
import { thresholds } from './weights.js';

/** A language that its function words tell from others of the same script. */
export interface Language {
  functionWords: ReadonlySet<string>;
  stem: (word: string) => string;
}

function language(stem: (word: string) => string, functionWords: string): Language {
  return { stem, functionWords: new Set(fold(functionWords).split(/\s+/)) };
}

/**
 * A language is added by a line here, one with a script of its own in `stemming.ts` alone. Articles, pronouns,
 * prepositions, conjunctions, auxiliaries and question words, compiled by hand for this project.
 */
const languages: readonly Language[] = [
  language(
    german,
    `der die das den dem des ein eine einen einem einer eines kein keine keinen und oder aber doch sondern denn weil dass daß wenn als ob
     ich du er sie es wir ihr mich mir dich dir ihn ihm uns euch ihnen sich mein meine meinen meinem meiner dein deine deinen deinem sein
     seine seinen seinem unser unsere euer ihre ihren ihrem ist sind bin bist seid waren wurde wird werden wirst hast habe haben hatte hatten
     kann kannst können muss musst müssen soll sollte möchte magst mag nicht auch noch schon nur sehr immer von vom zu zum zur mit bei beim
     nach aus auf für über unter vor seit durch gegen ohne um im am an wer wen wem wessen was wo woher wohin wann warum wie welche welcher
     welches welchen hier da dort jetzt jeden jede jeder jedes`,
  ),
  language(
    french,
    `le la les un une des du de au aux et ou mais donc car que qui quoi dont où quand comment pourquoi combien quel quelle quels quelles
     je tu il elle nous vous ils elles me te se lui leur mon ma mes ton ta tes son sa ses notre nos votre vos leurs ce cet cette ces ceci cela
     ça est sont suis es sommes êtes était étais étaient ai as avons avez ont avait avais fait faire ne pas plus jamais aussi très toujours
     dans en sur sous avec sans pour par chez vers depuis entre si y quelque chaque tous tout toute toutes`,
  ),
  language(
    spanish,
    `el la los las un una unos unas del al de y e o u pero sino porque que qué quién quien cuál cual cuándo cuando dónde donde cómo como
     cuánto cuánta cuántos yo tú él ella nosotros ustedes ellos ellas me te se lo le les mi mis tu tus su sus nuestro nuestra es son soy eres
     era fue ser está están estoy estaba he ha han había tiene tengo tienes hay muy más no sí también ya en con sin por para sobre entre desde
     hasta hacia este esta estos estas ese esa eso cada todo todos toda todas`,
  ),
  language(
    italian,
    `il lo la i gli le un uno una del dello della dei degli delle al allo alla ai agli alle dal dalla nel nella nei sul sulla di da in con su
     per tra fra e ed o ma perché che chi cui quale quali quando dove come quanto quanti io tu lui lei noi voi loro mi ti si ci vi mio mia miei
     mie tuo tua tuoi tue suo sua suoi sue nostro nostra è sono sei siamo siete era ero ho hai ha abbiamo hanno non più anche molto sempre già
     questo questa questi queste quello quella ogni tutto tutti cosa`,
  ),
  language(
    portuguese,
    `o a os as um uma uns umas do da dos das no na nos nas ao à aos às pelo pela de em com sem por para sobre entre desde até e ou mas porque
     que quem qual quais quando onde como quanto quantos eu tu você ele ela nós vocês eles elas me te se lhe meu minha meus minhas teu tua seu
     sua seus suas nosso nossa é são sou és era foi ser está estão estou estava tem tenho tens há muito mais não sim também já sempre este esta
     esse essa isso isto cada todo todos toda todas`,
  ),
  language(
    dutch,
    `de het een van voor met op aan bij naar uit om door tegen zonder tussen sinds te en of maar want omdat dat dit deze die wie wat waar
     wanneer waarom hoe welke ik jij je hij zij ze wij we jullie mij mijn jouw zijn haar hun ons onze is ben bent was waren heb hebt heeft
     hebben had hadden word wordt worden kan kun kunnen moet moeten wil willen niet geen ook nog al zeer heel altijd er hier daar nu elke`,
  ),
  language(
    swedish,
    `en ett den det de och eller men för att som av på med till från hos om utan under över mellan sedan i jag du han hon vi ni dem mig dig
     honom henne oss er sig min mitt mina din ditt dina hans hennes vår vårt våra är var varit vara har hade blir blev kan ska skulle vill inte
     ingen också redan mycket alltid vem vad när hur varför vilken vilket vilka varje nu här där`,
  ),
  language(
    danish,
    `en et den det de og eller men for at som af på med til fra hos om uden under over mellem siden i jeg du han hun vi dem mig dig ham
     hende os jer sig min mit mine din dit dine hans hendes vores er var været være har havde bliver blev kan skal skulle vil ikke ingen også
     allerede meget altid hvem hvad hvor hvornår hvordan hvorfor hvilken hvilket hvilke hver nu her der`,
  ),
  language(
    norwegian,
    `en ei et den det de og eller men for å at som av på med til fra hos om uten under over mellom siden i jeg du han hun vi dere dem meg deg
     ham henne oss seg min mitt mine din ditt dine hans hennes vår vårt våre er var vært være har hadde blir ble kan skal skulle vil ikke ingen
     også allerede mye alltid hvem hva hvor når hvordan hvorfor hvilken hvilket hvilke hver nå her der`,
  ),
  language(
    turkish,
    `ve veya ama fakat çünkü ki bir bu şu o ben sen biz siz onlar beni seni onu bizi bana sana ona bize benim senin onun bizim sizin için
     ile gibi kadar göre sonra önce de da mi mı mu mü ne kim nerede nereye nereden nasıl neden niçin hangi kaç zaman değil var yok çok daha en
     her hiç şey olan olarak oldu olur idi ise`,
  ),
  language(
    indonesian,
    `yang dan atau tetapi tapi karena bahwa jika kalau untuk dari ke di pada dengan oleh dalam tentang saya aku kamu anda dia ia kami kita
     mereka ini itu adalah ialah akan sudah telah sedang belum tidak bukan juga sangat lebih lagi saja apa siapa mana kapan bagaimana mengapa
     kenapa berapa setiap semua para ada punya`,
  ),
  language(
    finnish,
    `ja tai mutta että koska kun jos niin kuin minä sinä hän me te he minun sinun hänen meidän teidän heidän minulla sinulla hänellä minua
     tämä tuo se nämä nuo ne on ovat olen olet olemme oli olivat ollut ei en et eivät myös jo vain hyvin aina mikä mitä kuka missä mihin mistä
     milloin miten miksi kanssa ilman joka`,
  ),
  language(
    hungarian,
    `a az egy és vagy de mert hogy ha mint én te ő mi ti ők engem téged őt nekem neked neki nekünk enyém ez azt ezt van vannak vagyok vagy
     volt voltak lesz nem nincs is már még csak nagyon mindig ki mit hol hová honnan mikor hogyan miért melyik mennyi hány minden`,
  ),
  language(
    romanian,
    `un o niște cel cea cei cele al ai ale lui ei lor și sau dar însă pentru că care cine ce când unde cum cât câte eu tu el ea noi voi ei ele
     mă te îl îi ne vă își mi ți meu mea mei mele tău ta său sa nostru este e sunt ești era am ai are avem au avea fi fost nu da mai foarte
     mereu și la în din de pe cu fără prin între până spre despre acest această acel fiecare tot toate`,
  ),
  language(
    ukrainian,
    `і й та або але що як коли де чому хто який яка яке які я ти він вона воно ми ви вони мене тебе його її нас вас їх мені тобі йому їй нам
     мій моя моє мої твій твоя свій своя наш наша є був була було були бути не ні так це цей ця ці у в на з із зі до від для про під над при
     без через дуже завжди ще вже`,
  ),
];

/** The languages that a word is a function word of, a bit each (of 31 at most), in the order above and then English; words that are English ones as well speak for English alone. */
const englishBit = 1 << languages.length;
const languagesOf = new Map<string, number>([...stopWords].map((word) => [word, englishBit]));
for (const [index, { functionWords }] of languages.entries()) {
  for (const word of functionWords) if (!stopWords.has(word)) languagesOf.set(word, (languagesOf.get(word) ?? 0) | (1 << index));
}

/**
 * The languages, other than the main one of their script, that a text's words may be of: those with the most function
 * words in it, as long as these are two, or one among few words, and more than there are English ones.
 */
export function languagesAmong(words: readonly string[]): readonly Language[] {
  let english = 0;
  let most = 0;
  const counts = new Uint16Array(languages.length);
  for (const word of words) {
    let mask = languagesOf.get(word) ?? 0;
    if (mask === englishBit) {
      english++;
      continue;
    }
    // Each bit of the mask, the lowest first.
    for (; mask !== 0; mask &= mask - 1) {
      const at = 31 - Math.clz32(mask & -mask);
      counts[at] = (counts[at] ?? 0) + 1;
      most = Math.max(most, counts[at] ?? 0);
    }
  }
  if (most === 0 || most <= english || (most === 1 && words.length > thresholds.fewWords)) return [];
  return languages.filter((_, index) => counts[index] === most);
}
