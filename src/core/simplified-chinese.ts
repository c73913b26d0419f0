import traditional from 'opencc-js/dict/TSCharacters';

let simplified: ReadonlyMap<string, string> | undefined;

/** The simplified form of a Chinese character, from the table of OpenCC, which is read at the first one; any other character is its own. */
export function simplify(character: string): string {
  simplified ??= new Map(traditional.split('|').map((pair) => pair.split(' ') as [string, string]));
  return simplified.get(character) ?? character;
}
