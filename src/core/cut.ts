/** The text, or as much of it as fits `longest` UTF-16 units with an ellipsis where it was cut. */
export function cut(text: string, longest: number): string {
  return text.length <= longest ? text : `${text.slice(0, longest - 1).toWellFormed()}…`;
}
