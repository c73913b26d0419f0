import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

const root = fileURLToPath(new URL('..', import.meta.url));
/** Bytes of the answer to tools/list, and estimated tokens of the prompts of extraction and decision together. */
const limits = { bytes: 10_000, tokens: 1500 };

async function load() {
  const contents = `
    export { extractionPrompt } from './src/models/openai/extraction.js';
    export { decisionPrompt } from './src/models/openai/decision.js';
    export { estimatedTokens } from './src/tools/render.js';
    export { tools } from './src/tools/table.js';
    export { listedTool } from './src/server.js';`;
  const { outputFiles } = await esbuild.build({
    stdin: { contents, resolveDir: root, loader: 'ts' },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
    external: ['openai'],
    logLevel: 'warning',
  });
  return import(`data:text/javascript;base64,${Buffer.from(outputFiles[0].contents).toString('base64')}`);
}

/** What each conversation costs before anything is said; resolves with whether it is within the limits. */
export async function benchCost() {
  const { extractionPrompt, decisionPrompt, estimatedTokens, tools, listedTool } = await load();
  const bytes = Buffer.byteLength(JSON.stringify({ tools: tools.map(listedTool) }));
  const prompts = [extractionPrompt, decisionPrompt].map((prompt) => estimatedTokens(prompt));
  const tokens = prompts[0] + prompts[1];
  console.log(`tools/list: ${bytes} bytes (under ${limits.bytes})`);
  console.log(`prompts: about ${prompts[0]} + ${prompts[1]} = ${tokens} tokens (under ${limits.tokens})`);
  return bytes < limits.bytes && tokens < limits.tokens;
}
