/**
 * The text of an answer with what differs from run to run replaced: memories are m1, m2 ... in order of appearance,
 * events and calls, tokens, cursors and times go by their kind.
 */
export function normalised(text: string): string {
  const plain = text
    .replaceAll(/[0-9a-z]{6,10}-[0-9a-f]{32}/g, '<token>')
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
    .replaceAll(/eyJ[\w-]+/g, '<cursor>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, '<time>')
    .replaceAll(/(?<=score(?:":)? ?)0?\.?\d+/g, '<score>');
  const ids = new Set(plain.match(/(?<=\[mem:|"(?:memory_)?id":")[0-9a-z]{14}/g));
  return [...ids].reduce((named, id, index) => named.replaceAll(id, `m${index + 1}`), plain);
}
