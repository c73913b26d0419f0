// An agent of the Vercel AI SDK that remembers between conversations.
import { createMCPClient } from '@ai-sdk/mcp';
import { StdioMCPTransport } from '@ai-sdk/mcp/mcp-stdio';
import { createOpenAICompatible } from '@ai-sdk/openai-compatible';
import { generateText, isStepCount } from 'ai';

const provider = createOpenAICompatible({
  name: 'openai',
  baseURL: process.env.OPENAI_BASE_URL ?? 'https://api.openai.com/v1',
  apiKey: process.env.OPENAI_API_KEY,
});

const client = await createMCPClient({ transport: new StdioMCPTransport({ command: 'npx', args: ['-y', 'keepsake-mcp'] }) });

try {
  const tools = await client.tools();
  // Two conversations: nothing but the memory leads from one to the other.
  for (const said of ['I am a vegetarian and I live in Lyon.', 'Where could I eat tonight?']) {
    const { text } = await generateText({
      model: provider(process.env.OPENAI_MODEL ?? 'gpt-5-mini'),
      tools,
      stopWhen: isStepCount(10), // without it the model's first tool call would be its last word
      instructions:
        'You help one person. Call recall first, with profile: true at the start of a conversation. ' +
        'Call remember, unasked, for whatever will matter in later conversations.',
      prompt: said,
    });
    console.log(`> ${said}\n${text}`);
  }
} finally {
  await client.close();
}
