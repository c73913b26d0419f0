/** The same function, which remembers what it last made of so many texts; it must be pure, and nobody may change its results. */
export function memoized<T>(work: (text: string) => T, most: number): (text: string) => T {
  const known = new Map<string, T>();
  return (text) => {
    const made = known.get(text) ?? work(text);
    if (!known.has(text)) {
      known.set(text, made);
      const [oldest] = known.keys();
      if (known.size > most && oldest !== undefined) known.delete(oldest);
    }
    return made;
  };
}
