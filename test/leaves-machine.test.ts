import { describe, expect, it } from 'vitest';
import { readConfig } from '../src/config.js';
import { whatLeaves } from '../src/leaves-machine.js';
import { temporaryHome } from './support/home.js';

async function leaves(env: Record<string, string>): Promise<string> {
  return whatLeaves(readConfig({ env: { KEEPSAKE_HOME: await temporaryHome(), ...env } }));
}

const recalled = 'what an assistant recalls';

describe('what leaves the machine', () => {
  it('is nothing without a model but what is recalled, which goes to the model of whoever recalls it', async () => {
    expect(await leaves({})).toBe(`Keepsake sends nothing anywhere; ${recalled} goes to whoever runs its model.`);
    const config = readConfig({ env: { KEEPSAKE_HOME: await temporaryHome() } });
    expect(whatLeaves(config, 'Zed')).toContain('; what Zed recalls goes to whoever');
  });

  it('is nothing with a model that runs on it', async () => {
    expect(await leaves({ OPENAI_BASE_URL: 'http://localhost:11434/v1', KEEPSAKE_MODEL: 'm', KEEPSAKE_EMBEDDING_MODEL: 'e' })).toBe(
      `Keepsake sends nothing off this machine (http://localhost:11434/v1 (m) and http://localhost:11434/v1 (e) run on it); ${recalled} goes to whoever runs its model.`,
    );
  });

  it('is told with its receiver, and never with a key', async () => {
    const text = await leaves({
      OPENAI_API_KEY: 'sk-secret',
      KEEPSAKE_MODEL: 'm',
      KEEPSAKE_EMBEDDING_BASE_URL: 'http://127.0.0.1:9/v1',
      KEEPSAKE_VISION_MODEL: 'v',
      KEEPSAKE_RERANK_URL: 'https://rerank.example.com/v1/rerank',
      KEEPSAKE_RERANK_MODEL: 'r',
      CHROMA_URL: 'https://chroma.example.com',
    });
    expect(text).toBe(
      `What leaves this machine: texts you remember and memories close to them, to https://api.openai.com/v1 (m); images, to https://api.openai.com/v1 (v); queries and the memories found, to https://rerank.example.com/v1/rerank (r); vectors and labels of memories, not their texts, to https://chroma.example.com; ${recalled}, to whoever runs its model.`,
    );
  });

  it('is only what is used', async () => {
    const text = await leaves({
      OPENAI_API_KEY: 'k',
      KEEPSAKE_INFER: 'rules',
      CHROMA_URL: 'https://c.example.com',
      KEEPSAKE_STORE: 'embedded',
    });
    expect(text).toBe(
      `What leaves this machine: memories and queries, to https://api.openai.com/v1 (text-embedding-3-small); ${recalled}, to whoever runs its model.`,
    );
  });

  it('is told of the cloud that a key of Chroma opens', async () => {
    expect(await leaves({ CHROMA_API_KEY: 'k' })).toContain('https://api.trychroma.com');
  });
});
