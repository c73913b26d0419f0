/** Asks to keep what comes next; "remember to" asks to do something instead. */
const asking =
  /^(?:(?:please|also|and|ok|okay|hey|hi)[,\s]+)*(?:(?:remember|(?:do not|don['’]t) forget|keep in mind|bear in mind|(?:take )?note|make a note)(?: this)?(?:(?<that>,? that,?)\s+|\s*[:,]\s*)|for the record[:,]\s*)/i;
/** Behind "remember that" the words of a clause, unlike "that day in Paris". */
const clause =
  /^(?:(?:i|we|you|he|she|it|they|there|my|our|your|his|her|its|their|the|an?|this|these|those|all|every|no|on|in|at)(?:['’]\w+)?\s+\S+\s*\S|(?:i|we|you|he|she|it|they|there)['’]\w+\s+\S|\S+(?:\s\S+){0,3}?\s(?:is|are|was|were|has|have|had|will|must|can|cannot|likes?|loves?|hates?|lives?|works?|needs?|wants?|prefers?)\s+\S)/i;

const askingChinese =
  /^(?:好的?[，,]\s*)?(?:麻烦|请|請)?(?:你|您)?(?:帮我|幫我|一定要|千万|要)?(?:[记記]住|[记記]一下|[记記]下|[别別]忘了?|不要忘[记記了]?)(?:了|一下)?(?<stop>\s*[，,：:]\s*)?/;
/** Behind 记住 without a stop somebody or something, and what is said of them. */
const clauseChinese =
  /^(?:我|咱|俺|他|她|它|\p{Script=Han}{1,8}?(?=[是在叫有住姓]|喜[欢歡]|[过過]敏)).*(?:[是叫有住用会會要姓属屬养養吃喝不没沒对對]|喜[欢歡]|[讨討][厌厭]|工作|[习習][惯慣]|打算|[计計][划劃]).*\S/u;
const nounPhrase = /的[^是在叫有]{1,4}[。.!！\s]*$/;

/** UTF-16 units of what asks, at the head of a sentence, to remember the statement behind it; 0 where none stands there. */
export function leadInLength(sentence: string): number {
  const found = asking.exec(sentence);
  if (found) {
    const isClause = found.groups?.that === undefined || clause.test(sentence.slice(found[0].length, found[0].length + 200));
    return isClause ? found[0].length : 0;
  }
  const [lead, stop] = askingChinese.exec(sentence) ?? [];
  if (lead === undefined) return 0;
  const rest = sentence.slice(lead.length, lead.length + 200);
  return stop !== undefined || (clauseChinese.test(rest) && !nounPhrase.test(rest)) ? lead.length : 0;
}

/** A statement that stood behind other words, with a capital where it begins with a plain word. */
export function withCapital(text: string): string {
  return /^\p{Ll}[\p{Ll}'’]*(?=[\s,])/u.test(text) ? text.charAt(0).toUpperCase() + text.slice(1) : text;
}
