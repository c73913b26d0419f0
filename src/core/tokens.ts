/**
 * Tokens of a text as models commonly count: four ASCII characters a token, one of anything else. An estimate that
 * errs on the side of too many.
 */
export function estimatedTokens(text: string): number {
  let ascii = 0;
  let other = 0;
  for (let index = 0; index < text.length; index += 1) {
    if (text.charCodeAt(index) < 128) ascii += 1;
    else other += 1;
  }
  return Math.ceil(ascii / 4) + other;
}

/** Tokens of a line and its end. */
export function lineTokens(line: string): number {
  return estimatedTokens(line) + 1;
}
