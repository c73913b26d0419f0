import { describe, expect, it } from 'vitest';
import { StoryError, tellStory } from '../../src/cli/story.js';
import { startServer } from '../support/server.js';

/** Tells the story to a real server whose answers pass through `bend` first. */
async function told(bend: (name: string, answer: Record<string, unknown>) => Record<string, unknown>): Promise<string[]> {
  const server = await startServer();
  const lines: string[] = [];
  await tellStory({
    call: async (name, given) => bend(name, (await server.call(name, given)).structured),
    scene: () => undefined,
    line: (_who, what) => lines.push(what),
  });
  return lines;
}

describe('the story of the demo', () => {
  it('is told to its end when every answer is as it should be', async () => {
    expect(await told((_name, answer) => answer)).toContain('UPDATE  I live in Porto now. (before: I live in Lisbon.)');
  });

  it('ends where something was remembered twice', async () => {
    const doubled = (_name: string, answer: Record<string, unknown>) =>
      JSON.parse(JSON.stringify(answer).replace('"NONE"', '"ADD"')) as Record<string, unknown>;
    await expect(told(doubled)).rejects.toThrow(StoryError);
  });

  it('ends where a recall finds nothing', async () => {
    const silent = (name: string, answer: Record<string, unknown>) => (name === 'recall' ? { ...answer, memories: [] } : answer);
    await expect(told(silent)).rejects.toThrow('peanuts');
  });

  it('ends where the history lacks a change', async () => {
    const short = (name: string, answer: Record<string, unknown>) =>
      name === 'memory_history' ? { ...answer, events: (answer.events as unknown[]).slice(1) } : answer;
    await expect(told(short)).rejects.toThrow('seven changes');
  });
});
