const letters = 'abcdefghijklmnopqrstuvwxyz';

/** Park and Miller's generator, 0 to 1: the same numbers on every machine. */
function createRandom(seed) {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}

/** One slip of a finger behind the first letter: a letter left out, added, another, or two in the wrong order. */
function misspelt(word, random) {
  const place = 1 + Math.floor(random() * (word.length - 2));
  const other = letters[Math.floor(random() * letters.length)];
  const [before, here, next, after] = [word.slice(0, place), word[place], word[place + 1], word.slice(place + 2)];
  const slips = [before + next + after, before + other + here + next + after, before + other + next + after, before + next + here + after];
  return slips[Math.floor(random() * slips.length)];
}

/** The set with this share (0 to 1) of the questions' words of four letters or more misspelt, always the same ones. */
export function withMisspellings(set, share) {
  const random = createRandom(20_261_121);
  const spoil = (text) => text.replace(/\p{L}{4,}/gu, (word) => (random() < share ? misspelt(word, random) : word));
  const conversations = set.conversations.map(({ memories, questions }) => ({
    memories,
    questions: questions.map((each) => ({ ...each, question: spoil(each.question) })),
  }));
  return { ...set, conversations };
}
