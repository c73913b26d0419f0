/** A text in pieces that make it up again: each ends behind its sentence or line, and the white space after that. */
export function sentencesOf(text: string): string[] {
  return text.split(/(?<=[.!?…]["'”’)\]]?\s|[。！？\n])/);
}
