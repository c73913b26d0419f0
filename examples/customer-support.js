// Customer support over one memory: each customer has a space of their own, the product's knowledge is shared.
import { createMCPClient } from '@ai-sdk/mcp';
import { StdioMCPTransport } from '@ai-sdk/mcp/mcp-stdio';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, isStepCount, tool } from 'ai';
import { z } from 'zod';

const provider = createOpenAICompatible({
  name: 'openai',
  baseURL: process.env.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
  apiKey: process.env.OPENAI_API_KEY,
});
const model = provider(process.env.OPENAI_MODEL ?? 'gpt-5-mini');
const client = await createMCPClient({ transport: new StdioMCPTransport({ command: 'npx', args: ['-y', 'keepsake-mcp'] }) });
const keepsake = await client.tools();

async function call(name, input) {
  const { isError, content } = await keepsake[name].execute(input, { toolCallId: name, messages: [] });
  const text = content.map((part) => part.text).join('\n');
  if (isError) throw new Error(text);
  return text;
}

/** The tools of one ticket. Whose memory it is, is for the application to say: the model never sees user_id. */
function toolsOf({ customer, ticket }) {
  return {
    recall_customer: tool({
      description: 'What is known about this customer, from all their tickets.',
      inputSchema: z.object({ query: z.string() }),
      execute: ({ query }) => call('recall', { query, user_id: customer }),
    }),
    remember_customer: tool({
      description: 'Remember about this customer what later tickets will need: devices, preferences, what was tried and agreed.',
      inputSchema: z.object({ fact: z.string().describe('one self-contained fact') }),
      execute: ({ fact }) => call('remember', { content: fact, infer: false, user_id: customer, agent_id: 'support', run_id: ticket }),
    }),
    product_knowledge: tool({
      description: 'What we know about our products.',
      inputSchema: z.object({ query: z.string() }),
      execute: ({ query }) => call('recall', { query, project: 'products' }),
    }),
  };
}

async function answer({ customer, ticket, said }) {
  const { text } = await generateText({
    model,
    tools: toolsOf({ customer, ticket }),
    stopWhen: isStepCount(10),
    instructions:
      'You answer a customer of ours. Recall what is known about them and about the product before you answer; ' +
      'remember what their next ticket will need.',
    prompt: said,
  });
  console.log(`${ticket} ${customer}> ${said}\n${text}`);
}

try {
  const known = 'A red light on the Aria router means that the line is down; hold reset for ten seconds.';
  await call('remember', { content: known, infer: false, project: 'products', kind: 'procedure' });
  await answer({
    customer: 'ann@example.com',
    ticket: 'T-1',
    said: 'My Aria router shows a red light. Please call me in the evening only.',
  });
  await answer({ customer: 'bob@example.com', ticket: 'T-2', said: 'When will you call me?' });
  await answer({ customer: 'ann@example.com', ticket: 'T-3', said: 'When will you call me?' });
} finally {
  await client.close();
}
