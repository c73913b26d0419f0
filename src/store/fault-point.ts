declare const __FAULT_POINTS__: boolean;

/**
 * The steps of a write at which a test can end or stop this process. "half" comes when only the first half of the
 * bytes is in the file.
 */
export type FaultPoint =
  | 'lock'
  | 'locked'
  | 'append'
  | 'half'
  | 'appended'
  | 'synced'
  | 'accepted'
  | 'released'
  | 'replace'
  | 'replaced'
  | 'index'
  | 'indexed';

let passed = 0;

function wish(): { point: string; count: number; signal: string } | undefined {
  const [, point, count, signal] = /^(\w+)#(\d+)=(SIG\w+)$/.exec(process.env.KEEPSAKE_FAULT ?? '') ?? [];
  return point && signal ? { point, count: Number(count), signal } : undefined;
}

/** Whether a test waits for "half": only then is a write made in two. */
export function stopsHalfway(): boolean {
  return __FAULT_POINTS__ && wish()?.point === 'half';
}

/**
 * Sends this process a signal where KEEPSAKE_FAULT says so: "POINT#N=SIGNAL", at the Nth pass of a point. Only builds
 * for tests hold it: anywhere else it is an empty function, whatever the environment.
 */
export function faultPoint(point: FaultPoint): void {
  if (!__FAULT_POINTS__) return;
  const wanted = wish();
  if (wanted?.point !== point) return;
  passed += 1;
  if (passed === wanted.count) process.kill(process.pid, wanted.signal);
}
