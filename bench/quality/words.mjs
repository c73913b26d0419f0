/** The words of a text as anybody would split it: lower case, each ideograph a word. */
export const wordsOf = (text) => text.toLowerCase().match(/\p{Script=Han}|[\p{Ll}\p{N}]+/gu) ?? [];

/** A memory as systems see it that know no speaker. */
export const lineOf = ({ speaker, text }) => (speaker === undefined ? text : `${speaker}: ${text}`);
