import type { Config } from '../config.js';
export async function doctor(_c: Config, _o: { version: string; json: boolean; signal: AbortSignal }): Promise<number> { return 0; }
