import { type StandingWords, standingWords } from './standing-words.js';

/** UTF-16 units of a text that are looked at: what should hold always is said at the beginning. */
const examined = 300;

const sentenceEnd = /(?<=[.!?。！？؟\n])(?=\s|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana})/u;
const listMark = /^[\s•*>"“-]+(?:\d+[.)] )?/;
const questionMark = /[?？؟][\s"'”’)»]*$|吗[。.]?$|か[。.]?$/;

/**
 * Whether a text holds a preference or an instruction that an assistant should know in every conversation, told of
 * oneself or of another ("User prefers", "Nora is allergic"), or as an order. What one evening was like, a question and
 * a what-if are none.
 */
export function isStanding(text: string): boolean {
  const start = text.slice(0, examined).replaceAll(/[’ʼ]/g, "'");
  const languages = languagesOf(start);
  return start.split(sentenceEnd).some((sentence) => {
    const bare = sentence.replace(listMark, '');
    return languages.some((words) => isStandingSentence(bare, words));
  });
}

function isStandingSentence(sentence: string, { says, but, asks }: StandingWords): boolean {
  if (questionMark.test(sentence)) return asks?.test(sentence) ?? false;
  return says.test(sentence) && !but?.test(sentence);
}

function languagesOf(text: string): readonly StandingWords[] {
  if (/^[\0-\u024f\u2000-\u206f]*$/.test(text)) return standingWords.latin;
  if (/[\u3040-\u30ff]/.test(text)) return standingWords.japanese;
  if (/[\uac00-\ud7af]/.test(text)) return standingWords.korean;
  if (/\p{Script=Han}/u.test(text)) return standingWords.chinese;
  return /[\u0400-\u04ff]/.test(text) ? standingWords.russian : standingWords.latin;
}
