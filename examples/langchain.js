// A LangChain agent that remembers between conversations, through LangChain's MCP adapters.
import { MultiServerMCPClient } from '@langchain/mcp-adapters';
import { ChatOpenAI } from '@langchain/openai';
import { createAgent } from 'langchain';

const client = new MultiServerMCPClient({
  mcpServers: { keepsake: { transport: 'stdio', command: 'npx', args: ['-y', 'keepsake-mcp'] } },
  // The text says it all; without this the model reads the same facts a second time, as data.
  afterToolCall: ({ result: [content] }) => ({ result: content.map(({ text }) => text).join('\n') }),
});

try {
  const agent = createAgent({
    model: new ChatOpenAI({ model: process.env.OPENAI_MODEL ?? 'gpt-5-mini', useResponsesApi: false }),
    tools: await client.getTools(),
    systemPrompt:
      'You help one person. Call recall first, with profile: true at the start of a conversation. ' +
      'Call remember, unasked, for whatever will matter in later conversations.',
  });
  // Two conversations: nothing but the memory leads from one to the other.
  for (const said of ['I am a vegetarian and I live in Lyon.', 'Where could I eat tonight?']) {
    const { messages } = await agent.invoke({ messages: [{ role: 'user', content: said }] });
    console.log(`> ${said}\n${messages.at(-1).content}`);
  }
} finally {
  await client.close();
}
