/** Says that something is not so, or no longer; a negation that only colours a sentence ("not only", 不错) does not. */
const denies =
  /\b(?:not(?! only| just)|never|neither|nor|none|nobody|nothing|no(?! doubt| problem|\. ?\d)|without|cannot|cant|dont|doesnt|didnt|isnt|arent|wont|wouldnt|stop(?:s|ped)?|quits?|quitting|gave up|given up|giv(?:es|ing) up|ceas(?:es|ed)|ended|former(?:ly)?|used to(?! be called)|unable)\b|n['’]t\b|戒|停止|不(?!错|同|过|但|仅|久|断|锈|管|论|得不|少|如|止|光|只|到)|(?<!出|沉|淹)没(?!关系|收|问题|事)|(?<![特个区分级性告差类派])别(?![人墅的名处])|未(?!来|必)|(?<!南)无(?!论|锡|线|印)|非(?!常|洲|要|典)|再也|曾经/iu;
/** Says what it says as a refusal: denied, it is an assent ("does not hate"). */
const refuses = /\b(?:dislik\w+|hat(?:e|es|ed|ing)|detest\w*|loath\w+|avoid\w*|refus\w+|despis\w+)\b|讨厌|厌恶|反感|拒绝|避免|忌/iu;

/** Whether a statement says that something is not so. */
export function isDenied(text: string): boolean {
  return denies.test(text) !== refuses.test(text);
}
