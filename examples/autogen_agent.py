# An AutoGen agent that remembers between conversations.
# pip install "autogen-agentchat==0.7.5" "autogen-ext[openai,mcp]==0.7.5"
import asyncio
import os

from autogen_agentchat.agents import AssistantAgent
from autogen_ext.models.openai import OpenAIChatCompletionClient
from autogen_ext.tools.mcp import McpWorkbench, StdioServerParams

keepsake = StdioServerParams(
    command="npx",
    args=["-y", "keepsake-mcp"],
    read_timeout_seconds=60,  # 5 unless told otherwise: too few for the first npx
)


async def main() -> None:
    model = OpenAIChatCompletionClient(model=os.environ.get("OPENAI_MODEL", "gpt-4.1-mini"))
    async with McpWorkbench(keepsake) as workbench:
        # Two conversations: nothing but the memory leads from one to the other.
        for said in ["I am a vegetarian and I live in Lyon.", "Where could I eat tonight?"]:
            agent = AssistantAgent(
                "assistant",
                model_client=model,
                workbench=workbench,
                max_tool_iterations=10,  # 1 unless told otherwise: the first tool result would be the answer
                system_message=(
                    "You help one person. Call recall first, with profile: true at the start of a conversation. "
                    "Call remember, unasked, for whatever will matter in later conversations."
                ),
            )
            result = await agent.run(task=said)
            print(f"> {said}\n{result.messages[-1].to_text()}")
    await model.close()


asyncio.run(main())
