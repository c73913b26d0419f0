/** Verbs that carry a clause of their own behind "and", in the forms that a present statement takes. */
const verb = `(?:am|are|is|has|does|goes|was|${'live work have own love like enjoy play speak study use drive drink eat go run prefer hate take teach keep collect cook read write paint practise practice learn train commute ride swim cycle hike climb sing dance draw listen watch wear sleep wake start manage lead volunteer follow support subscribe pay need know design build code grow breed suffer smoke travel spend'
  .split(' ')
  .map((word) => `${word}s?`)
  .join('|')}|studies|teaches|watches|moved|grew|married|graduated|joined|adopted)`;
const subject = /^(?:(?:I|We|You|They|He|She|My(?: \w+){1,2}?|\p{Lu}[\p{L}-]+)(?=(?:['’](?:m|re|ve|s))? ))/u;
const adverb = '(?:(?:also|usually|often|sometimes|mostly|mainly|currently|still|now|always|never|really) )?';

/** Behind these the next verb does not stand for itself: "I can cook and play chess". */
const governed =
  /^(?:['’]\w+)? (?:(?:can|could|will|would|may|should|do|does|did|am|is|are)(?: not|n['’]t)?|never|used|want|wants|plan|\w+ to)\b(?! (?:an?|the|my|in|at|on|\d)\b)/i;
const clauseJoint = new RegExp(`,? (?:and|but) (?:also )?(?=${adverb}${verb} )|, (?=${adverb}${verb} )`, 'u');
const nounPhrase = "(?:(?:an?|the|my|our|two|three|four|\\d+) )?[\\p{L}\\p{N}'’-]+(?: [\\p{L}\\p{N}'’-]+){0,3}?";
const list = new RegExp(
  `^(?<head>${subject.source.slice(1)}(?:['’]\\w+)? ${adverb}${verb}(?: (?:to|with|for|on|in|at|by|playing|eating|drinking|learning|using))?) (?<items>${nounPhrase}(?:, ${nounPhrase})*),? and (?<last>${nounPhrase})$`,
  'u',
);
const determiner = /^(?:an?|the|my|our|two|three|four|\d+) /;
const within = / (?:in|at|on|for|with|from|by|to|of|near|as|every|each|because|since|when|who|that|which) /;

/** A longer sentence is not taken apart, in UTF-16 units. */
const examined = 500;

const time = '(?:(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:days?)?|\\d[\\d:.]*(?:[ap]m)?|mornings?|evenings?)';
/** Times of one thing. */
const times = new RegExp(`^${time}(?:,? (?:(?:and|plus) )?${time})*$`, 'i');

/** Whether there are only times, none of which is named in what is said. */
function areTimesUnsaid(text: string, said: string): boolean {
  const each = text.toLowerCase().split(/,? (?:and|plus) /);
  return times.test(text) && !each.some((one) => said.toLowerCase().includes(one));
}

/** The things that a list names, each with what is said of them all; undefined where they cannot be told apart. */
function membersOf(clause: string, said: string): string[] | undefined {
  const { head, items, last } = list.exec(clause)?.groups ?? {};
  if (head === undefined || items === undefined || last === undefined) return undefined;
  const members = [...items.split(', '), last];
  const alike = members.every((member) => determiner.test(member) === determiner.test(last) && !within.test(` ${member} `));
  if (!alike || joins(clause, said) === undefined || areTimesUnsaid(members.join(' and '), said)) return undefined;
  return members.map((member) => `${head} ${member}`);
}

/** The first pair that an "and" joins and that is not named as a pair in what is said. */
function joins(clause: string, said: string): string | undefined {
  return [...clause.matchAll(/\S+,? (?:and|as well as|plus|but|while(?! \w+ing)|whereas) (?:(?:an?|the|my) )?[^\s.,;!?]+/g)]
    .map(([pair]) => pair.toLowerCase())
    .find((pair) => !said.toLowerCase().includes(pair));
}

/** Whether a clause still says several things; two times of one thing are no such, unless one of them is spoken of. */
export function isCompound(clause: string, said: string): boolean {
  if (clause.length > examined) return true;
  const pair = joins(clause, said);
  return pair !== undefined && !areTimesUnsaid(pair, said);
}

/** The sentences of a text, and those of their clauses that have a subject of their own. */
export function sentencesOf(text: string): string[] {
  return text
    .split(
      /(?<=[.!?])(?<!\b(?:Dr|Mr|Mrs|Ms|Prof|St)\.)\s+|\n+|;\s*|,?\s(?:and|but|while|whereas)\s+(?=(?:I|my|My|we)\b)|,\s(?=(?:I|I['’]m|my)\s)|,?\swhere\s+(?=(?:I|we)\b)/,
    )
    .map((clause) => clause.trim().replace(/^my /, 'My '))
    .filter((clause) => clause !== '');
}

/** What a sentence says, each part as a sentence of its own with its subject restored. */
export function partsOf(sentence: string, said: string): string[] {
  const text = sentence.replace(/[.!]+$/, '');
  const who = subject.exec(text)?.[0];
  if (who === undefined || text.length > examined) return [sentence];
  const clauses = governed.test(text.slice(who.length)) ? [text] : text.split(clauseJoint);
  const parts = clauses
    .map((clause, index) => (index === 0 ? clause : `${who} ${clause}`))
    .flatMap((clause) => {
      const [state, place] = clause.split(/,? (?=(?:living|based|working|studying) (?:in|at|for|as|with) )/, 2);
      return state !== undefined && place !== undefined && /^I(?: am|['’]m) an? /.test(state) ? [state, `I am ${place}`] : [clause];
    })
    .flatMap((clause) => {
      // With whom one lives stays true where one moves.
      const { home, place, company } =
        /^(?<home>.* lives?) (?<place>(?:in|at|near) [^,]+?) (?<company>with .+)$/.exec(clause)?.groups ?? {};
      return home === undefined ? [clause] : [`${home} ${place}`, `${home} ${company}`];
    })
    .flatMap((clause) => membersOf(clause, said) ?? [clause]);
  return parts.length > 1 ? parts : [sentence];
}
