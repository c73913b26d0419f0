/** Waits for some work, for at most so many milliseconds; resolves with whether it is done. Raises what the work raises in time. */
export async function doneWithin(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let limit: NodeJS.Timeout | undefined;
  const over = new Promise<false>((resolve) => {
    limit = setTimeout(resolve, milliseconds, false);
  });
  try {
    return await Promise.race([work.then(() => true), over]);
  } finally {
    clearTimeout(limit);
  }
}
