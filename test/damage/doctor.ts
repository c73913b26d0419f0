import { expect } from 'vitest';
import type { Finding } from '../../src/cli/finding.js';
import { runCommand } from '../cli/run.js';

/** What `doctor --json` finds in a home, by part. */
export async function examined(home: string, env: Record<string, string> = {}): Promise<Record<string, Finding>> {
  const { stdout, stderr } = await runCommand(['doctor', '--json'], { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded', ...env });
  expect(stderr).toBe('');
  const { findings } = JSON.parse(stdout) as { findings: Finding[] };
  return Object.fromEntries(findings.map((finding) => [finding.part, finding]));
}
