/**
 * The text of an answer with what differs from run to run replaced: memories are m1, m2 ... in order of appearance,
 * events and calls, tokens, cursors and times go by their kind.
 */
export function normalised(text: string): string {
  const memories = new Map<string, string>();
  return text
    .replaceAll(/[0-9a-z]{6,10}-[0-9a-f]{32}/g, '<token>')
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<uuid>')
    .replaceAll(/eyJ[\w-]+/g, '<cursor>')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g, '<time>')
    .replaceAll(/(?<=score(?:":)? ?)0?\.?\d+/g, '<score>')
    .replaceAll(/(?<![0-9a-z<-])(?=[a-z]*\d)[0-9a-z]{14}(?![0-9a-z>-])/g, (id) => {
      const name = memories.get(id) ?? `m${memories.size + 1}`;
      memories.set(id, name);
      return name;
    });
}
