/** A system message that ends with the owner's words on what to keep, if there are any. */
export function withWishes(system: string, instructions: string | undefined): string {
  return instructions ? `${system}\n\nWhat the owner wants kept and ignored, above the rules:\n${instructions}` : system;
}
