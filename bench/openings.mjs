import { readFileSync } from 'node:fs';
import OpenAI from 'openai';
import { load } from '../scripts/load.mjs';

/** Openings that must lead to the right call, of all 40. */
const leastRight = 36;

/** The first words of 40 conversations, each with the tool that should be called. */
const openings = JSON.parse(readFileSync(new URL('openings.json', import.meta.url), 'utf8'));

/** Whether the calls are those that an opening asks for: a look at the memory before something is remembered does no harm. */
function isRight(expected, called) {
  if (expected === 'neither') return called.length === 0;
  return called.includes(expected) && (expected === 'remember' || !called.includes('remember'));
}

/**
 * How often a model that is given nothing but tools/list makes the right call unasked. Asks the endpoint that
 * OPENAI_BASE_URL and OPENAI_API_KEY name for KEEPSAKE_MODEL; resolves with whether at least 36 of 40 were right, and
 * with true where there is no endpoint.
 */
export async function benchOpenings() {
  const { OPENAI_API_KEY, OPENAI_BASE_URL, KEEPSAKE_MODEL = 'gpt-5-mini' } = process.env;
  if (!OPENAI_API_KEY && !OPENAI_BASE_URL) {
    console.log('openings: not measured, since no model is configured');
    return true;
  }
  const { tools, listedTool } = await load(`
    export { tools } from './src/tools/table.js';
    export { listedTool } from './src/mcp/service.js';`);
  const offered = tools.map(listedTool).map(({ name, description, inputSchema }) => ({
    type: 'function',
    function: { name, description, parameters: inputSchema },
  }));
  const client = new OpenAI({ apiKey: OPENAI_API_KEY || 'none', baseURL: OPENAI_BASE_URL || undefined });
  let right = 0;
  for (const { says, call } of openings) {
    const answer = await client.chat.completions.create({
      model: KEEPSAKE_MODEL,
      messages: [{ role: 'user', content: says }],
      tools: offered,
    });
    const called = (answer.choices[0]?.message.tool_calls ?? []).map((each) => each.function.name);
    if (isRight(call, called)) right += 1;
    else console.log(`  "${says}" should lead to ${call}, and led to ${called.join(', ') || 'neither'}`);
  }
  console.log(`openings: ${KEEPSAKE_MODEL} called rightly in ${right} of ${openings.length} (at least ${leastRight})`);
  return right >= leastRight;
}
