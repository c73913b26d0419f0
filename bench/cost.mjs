import { load } from '../scripts/load.mjs';
import { keepsake, start, withHome } from './program.mjs';

/** Bytes of the answer to tools/list, and estimated tokens of the prompts of extraction and decision together. */
const limits = { bytes: 10_000, tokens: 1500 };

/** What each conversation costs before anything is said, and each remember in calls of the model; resolves with whether both are within the limits. */
export async function benchCost() {
  const parts = await load(`
    export { extractionPrompt } from './src/models/openai/extraction.js';
    export { decisionPrompt } from './src/models/openai/decision.js';
    export { procedurePrompt } from './src/models/openai/procedure.js';
    export { estimatedTokens } from './src/core/tokens.js';
    export { tools } from './src/tools/table.js';
    export { listedTool } from './src/mcp/service.js';
    export { startFakeOpenAi } from './test/support/fake-openai.js';`);
  const { estimatedTokens, tools, listedTool } = parts;
  const bytes = Buffer.byteLength(JSON.stringify({ tools: tools.map(listedTool) }));
  const [extraction, decision, procedure] = [parts.extractionPrompt, parts.decisionPrompt, parts.procedurePrompt].map(estimatedTokens);
  console.log(`tools/list: ${bytes} bytes (under ${limits.bytes})`);
  console.log(`prompts: extraction ${extraction} + decision ${decision} = ${extraction + decision} tokens (under ${limits.tokens})`);
  console.log(`prompt of a how-to: ${procedure} tokens`);
  const isWithinCalls = await withHome((home) => countCalls(parts.startFakeOpenAi, home));
  return bytes < limits.bytes && extraction + decision < limits.tokens && isWithinCalls;
}

/** One fact a turn in the turn's own words, and a decision to add each. */
function answerTo({ purpose, user }) {
  const shown = user.split('\n').flatMap((line) => (line.startsWith('{') ? [JSON.parse(line)] : []));
  if (purpose === 'decision') {
    const facts = shown.filter(({ fact }) => fact !== undefined);
    return { decisions: facts.map(({ fact }) => ({ fact, action: 'ADD', memory: null, text: null, reason: null })) };
  }
  const turns = shown.filter(({ turn }) => turn !== undefined);
  const nothingElse = { subject: null, entities: null, occurred_at: null, recurs: null, importance: null };
  return {
    facts: turns.map(({ turn, content }) => ({ turn, quote: content.slice(0, 60), text: content.slice(0, 60), ...nothingElse })),
    skipped: [],
  };
}

/** Measures the calls of the model that each kind of remember makes, and says whether none makes more than it may. */
async function countCalls(startFakeOpenAi, home) {
  const fake = await startFakeOpenAi();
  fake.onChat(answerTo);
  const models = { OPENAI_BASE_URL: fake.url, OPENAI_API_KEY: '', KEEPSAKE_MODEL: 'fake', KEEPSAKE_EMBEDDING_MODEL: 'fake-embedding' };
  const server = await start(keepsake, { KEEPSAKE_HOME: home, KEEPSAKE_STORE: 'embedded', KEEPSAKE_REFLECT: '0', ...models });
  const turn = (index) => ({ role: 'user', content: `My sister Nora keeps lamp ${index} in Oslo. `.padEnd(20_000, 'x') });
  // What is asked, how often at most, and requests that are refused first.
  const calls = [
    ['no neighbours', { content: 'My sister Nora plays the cello in Bergen.' }, 1],
    ['duplicate', { content: 'my sister Nora plays the cello in Bergen' }, 0],
    ['neighbours', { content: 'My sister Nora plays the cello in Oslo.' }, 2],
    ['five chunks', { messages: Array.from({ length: 5 }, (_, index) => turn(index)) }, 6],
    ['neighbours, one retry', { content: 'My sister Nora plays the cello in Trondheim.' }, 2, 1],
  ];
  let isWithin = true;
  try {
    for (const [name, input, most, failing = 0] of calls) {
      const before = fake.chatCalls.length;
      if (failing > 0) fake.fail('server_error', failing, 'chat');
      await server.call('remember', input);
      const made = fake.chatCalls.slice(before);
      const retries = made.filter(({ status }) => status !== 200).length;
      const count = made.length - retries;
      console.log(`remember, ${name}: ${count} calls of the model (at most ${most})${retries > 0 ? ` and ${retries} again` : ''}`);
      isWithin &&= count <= most && retries <= failing;
    }
  } finally {
    await server.stop();
    await fake.close();
  }
  return isWithin;
}
