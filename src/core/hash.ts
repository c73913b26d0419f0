/** 32 bits of a text, where a rare coincidence does no harm: FNV-1a (Fowler, Noll and Vo, 1991) over UTF-16 units. */
export function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), 0x01000193);
  return hash >>> 0;
}
