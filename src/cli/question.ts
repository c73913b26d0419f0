import { confirm, isCancel, password } from '@clack/prompts';
import { plain } from './terminal.js';

/** Whether somebody sits in front of this program who can be asked. */
export function canAsk(): boolean {
  return process.stdin.isTTY && process.stderr.isTTY;
}

/** Asks yes or no on stderr; no is what is meant by giving up, and by a raised signal. To be asked only where `canAsk` says so. */
export async function confirmed(question: string, signal?: AbortSignal): Promise<boolean> {
  const answer = await confirm({ message: plain(question), initialValue: false, output: process.stderr, ...(signal && { signal }) });
  return answer === true;
}

/** Asks for a text that is not shown while it is typed; undefined where it is given up. To be asked only where `canAsk` says so. */
export async function askSecret(question: string, signal?: AbortSignal): Promise<string | undefined> {
  const answer = await password({ message: plain(question), output: process.stderr, ...(signal && { signal }) });
  return isCancel(answer) ? undefined : answer;
}
