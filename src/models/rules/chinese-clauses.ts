/** What a clause without a subject begins with, if it says something of the subject before it. */
const predicate =
  /^(?:(?:也|还|而且|并且|并|同时|平时|目前|现在|每[天周月年]?|周末)*)(?:在(?!一起)|住|有(?!时|点|些)|养|是|喜欢|爱|用|开|喝|吃|做|会|学|打|玩|读|看|听|骑|练|从事|当|讨厌|不|对|抽|弹|跑|订)/;
const joint = /^(?:也|还|而且|并且|并|同时)+/;
const subject =
  /^(?:我们?(?:的?(?:爸爸|妈妈|父亲|母亲|姐姐|妹妹|哥哥|弟弟|老婆|妻子|老公|丈夫|女儿|儿子|女朋友|男朋友|朋友|同事))?|[他她]们?|[小老阿]\p{Script=Han})/u;
const list =
  /^(?<head>[^，、]{1,8}?(?:有|养了?|喜欢(?:吃|喝|玩|看|听|打)?|爱(?:吃|喝|玩|看|听)?|会(?:说|弹|打)?|用|喝|吃|玩|打|学|听|看)着?)(?<items>[^，。和跟与、]{1,10}(?:[和跟与、][^，。和跟与、]{1,10})+)$/u;

/** A longer sentence is not taken apart, in UTF-16 units. */
const examined = 500;

/** The sentences of a text, and those of their clauses that begin with a subject. */
export function sentencesOf(text: string): string[] {
  return text
    .split(/(?<=[。！？!?])|\n+|[；;]|[，,](?=我|而且我|并且我|但是?我)/)
    .map((clause) => clause.trim())
    .filter((clause) => clause !== '');
}

/** What a sentence says, each part with its subject restored; a pair that `said` names as one stays together. */
export function partsOf(sentence: string, said: string): string[] {
  const text = sentence.replace(/[。！!.]+$/, '');
  const who = subject.exec(text)?.[0];
  if (who === undefined || text.length > examined) return [sentence];
  const clauses: string[] = [];
  for (const clause of text.split(/[，,]/)) {
    if (clauses.length === 0) clauses.push(clause);
    else if (predicate.test(clause)) clauses.push(who + clause.replace(joint, ''));
    else clauses.push(`${clauses.pop() ?? ''}，${clause}`);
  }
  const parts = clauses.flatMap((clause) => {
    const { head, items } = list.exec(clause)?.groups ?? {};
    return head === undefined || items === undefined || said.includes(items)
      ? [clause]
      : items.split(/[和跟与、]/).map((item) => head + item);
  });
  return parts.length > 1 ? parts : [sentence];
}

/** A reason or a remark that falls with what it explains. */
const explanation =
  /[，,](?!离)(?:(?:因为|由于|主要是?|毕竟|觉得|感觉|这样|有点|帮助|反而|手感|特别|尤其|从小|越|很|非常|太|挺|一.{1,3}就).*|每[天周月年].{0,12}|[^，,我]{1,4}(?:很|太|更|特别)?[好高强低快棒香贵])$/;

/** Whether a clause still says several things. */
export function isCompound(clause: string, said: string): boolean {
  if (clause.length > examined) return true;
  const body = clause
    .replace(subject, '')
    .replace(/[。！]$/, '')
    .replace(explanation, '');
  const pair =
    /[^，、]{1,4}(?:(?<!喜欢|爱|想|常|不|没|再|一起|上|天|末|午|在)[和跟与]|、|并且|而且|[，,])(?=.*\p{Script=Han})[^，、]{1,4}/u.exec(
      body,
    )?.[0];
  return pair !== undefined && !said.includes(pair);
}
