export async function demo(_o: { script: string; signal: AbortSignal }): Promise<number> {
  return 0;
}
