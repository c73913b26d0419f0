import { load } from '../scripts/load.mjs';

/** Bytes of the answer to tools/list, and estimated tokens of the prompts of extraction and decision together. */
const limits = { bytes: 10_000, tokens: 1500 };

/** What each conversation costs before anything is said; resolves with whether it is within the limits. */
export async function benchCost() {
  const { extractionPrompt, decisionPrompt, estimatedTokens, tools, listedTool } = await load(`
    export { extractionPrompt } from './src/models/openai/extraction.js';
    export { decisionPrompt } from './src/models/openai/decision.js';
    export { estimatedTokens } from './src/tools/render.js';
    export { tools } from './src/tools/table.js';
    export { listedTool } from './src/server.js';`);
  const bytes = Buffer.byteLength(JSON.stringify({ tools: tools.map(listedTool) }));
  const prompts = [extractionPrompt, decisionPrompt].map((prompt) => estimatedTokens(prompt));
  const tokens = prompts[0] + prompts[1];
  console.log(`tools/list: ${bytes} bytes (under ${limits.bytes})`);
  console.log(`prompts: about ${prompts[0]} + ${prompts[1]} = ${tokens} tokens (under ${limits.tokens})`);
  return bytes < limits.bytes && tokens < limits.tokens;
}
