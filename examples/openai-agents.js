// An agent of the OpenAI Agents SDK that remembers between conversations.
import { Agent, MCPServerStdio, run, setOpenAIAPI, setTracingDisabled } from '@openai/agents';

// Chat completions are what every OpenAI-compatible endpoint speaks; traces would go to OpenAI.
setOpenAIAPI('chat_completions');
setTracingDisabled(true);

const keepsake = new MCPServerStdio({
  name: 'keepsake',
  command: 'npx',
  args: ['-y', 'keepsake-mcp'],
  clientSessionTimeoutSeconds: 60, // 5 unless told otherwise: too few for the first npx
  cacheToolsList: true,
});
await keepsake.connect();

try {
  const agent = new Agent({
    name: 'Assistant',
    model: process.env.OPENAI_MODEL ?? 'gpt-5-mini',
    instructions:
      'You help one person. Call recall first, with profile: true at the start of a conversation. ' +
      'Call remember, unasked, for whatever will matter in later conversations.',
    mcpServers: [keepsake],
  });
  // Two conversations: nothing but the memory leads from one to the other.
  for (const said of ['I am a vegetarian and I live in Lyon.', 'Where could I eat tonight?']) {
    const { finalOutput } = await run(agent, said);
    console.log(`> ${said}\n${finalOutput}`);
  }
} finally {
  await keepsake.close();
}
