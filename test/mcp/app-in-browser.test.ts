import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { ElicitRequestSchema } from '@modelcontextprotocol/sdk/types.js';
import type { AxeResults } from 'axe-core';
import { beforeEach, describe, expect, it } from 'vitest';
import { type ChatHost, type ChatHostOptions, showInChat } from '../support/chat-host.js';
import { program, quietEnvironment, type StartedServer, startServer, until } from '../support/server.js';

const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let server: StartedServer;
let host: ChatHost | undefined;

beforeEach(async () => {
  await host?.close();
  host = undefined;
  await server?.stop();
  server = await startServer();
});

async function remember(content: string, given: Record<string, unknown> = {}): Promise<string> {
  return (await server.call('remember', { content, infer: false, ...given })).structured.results[0]?.id ?? '';
}

/** A call of recall in a conversation, shown by the host. */
async function show(args: Record<string, unknown>, options?: ChatHostOptions): Promise<ChatHost> {
  host = await showInChat(server.client, { name: 'recall', arguments: args }, options);
  return host;
}

const callsOf = ({ sent }: ChatHost, name?: string) =>
  sent.filter(({ method, params }) => method === 'tools/call' && (name === undefined || params?.name === name));

const textOf = async (id: string) => (await server.call('recall', { filters: { id } })).structured.memories[0]?.memory;

/** What an accessibility checker finds in the view, small faults apart. */
async function faultsIn({ view }: ChatHost): Promise<string[]> {
  await view.evaluate(axe);
  const { violations } = await view.evaluate<AxeResults>('axe.run()');
  return violations.filter(({ impact }) => impact !== 'minor').map(({ id, nodes }) => `${id}: ${nodes[0]?.failureSummary}`);
}

describe('the view of what recall answered', () => {
  it('greets the host, and shows what it is told without asking the server again', async () => {
    await remember('Ana keeps bees.');
    await remember('Ana lives in Porto.', { pinned: true });
    const { view, sent, faults } = await show({ query: 'Ana' });
    await view.getByText('Ana keeps bees.').waitFor();
    await view.getByText('Ana lives in Porto.').waitFor();
    expect(await view.locator('h2').first().innerText()).toMatch(/^2 memories found\s+Ana$/);
    expect(await view.getByText('Pinned').count()).toBe(1);
    expect(sent.slice(0, 2).map(({ method }) => method)).toEqual(['ui/initialize', 'ui/notifications/initialized']);
    expect(sent.map(({ method }) => method).filter((method) => !method?.endsWith('size-changed'))).toEqual([
      'ui/initialize',
      'ui/notifications/initialized',
    ]);
    expect(sent[0]?.params).toMatchObject({ protocolVersion: '2026-01-26', appInfo: { name: 'keepsake' }, appCapabilities: {} });
    expect(faults).toEqual([]);
  });

  it('shows memories that are markup or code as the text that they are', async () => {
    const hostile = '<img src="https://evil.test/x" onerror="document.title=1"><b>bold</b></script><script>alert(1)</script> & "so on"';
    await remember(hostile);
    const shown = await show({});
    await shown.view.getByText(hostile).click();
    await shown.view.getByText('What happened to it').waitFor();
    expect(await shown.view.locator('.memory-words').innerText()).toBe(hostile);
    expect(await shown.view.locator('img, b, main script').count()).toBe(0);
    expect(shown.faults).toEqual([]);
  });

  it('brings further pages', async () => {
    for (const number of [1, 2, 3]) await remember(`Shell ${number} is white.`);
    const { view } = await show({ limit: 2 });
    await view.getByText('Shell 3').waitFor();
    expect(await view.getByText('Shell 1').count()).toBe(0);
    await view.getByRole('button', { name: 'Show more' }).click();
    await view.getByText('Shell 1').waitFor();
    expect(await view.getByRole('button', { name: 'Show more' }).count()).toBe(0);
  });

  it('says that nothing was found, that the call failed or was broken off, and shows text where that is all there is', async () => {
    const { view } = await show({ query: 'unicorns' });
    await view.getByText('Nothing is remembered about “unicorns”.').waitFor();
    await host?.close();
    const failed = await show({}, { result: { isError: true, content: [{ type: 'text', text: 'The log is away. [log_unavailable]' }] } });
    await failed.view.getByRole('alert').getByText('The log is away.').waitFor();
    await failed.close();
    const cancelled = await show({}, { cancelled: 'The user stopped it.' });
    await cancelled.view.getByRole('alert').getByText('The user stopped it.').waitFor();
    await cancelled.close();
    const bare = await show({}, { result: { content: [{ type: 'text', text: '1 of 1 memories:\n[mem:1] "Tea."' }] } });
    await bare.view.getByText('[mem:1] "Tea."').waitFor();
  });
});

describe('one memory', () => {
  it('is opened with its history and what changed, and closed again where it was opened, by keyboard alone', async () => {
    const id = await remember('Ana keeps ten bees.');
    await server.call('remember', { memory_id: id, content: 'Ana keeps twenty bees.' });
    const { view } = await show({});
    await view.getByRole('button', { name: 'Ana keeps twenty bees.' }).focus();
    await view.page().keyboard.press('Enter');
    await view.getByText('What happened to it').waitFor();
    expect(await view.locator('.timeline ins').allTextContents()).toEqual(['added: twenty']);
    expect(await view.locator('.timeline del').allTextContents()).toEqual(['removed: ten']);
    expect(await view.locator(':focus').innerText()).toBe('Back');
    await view.page().keyboard.press('Enter');
    expect(await view.locator(':focus').innerText()).toBe('Ana keeps twenty bees.');
  });

  it('is corrected, and the model is told which memory changed, not what it says', async () => {
    const id = await remember('Ana keeps ten bees.');
    const shown = await show({ query: 'Ana' });
    const { view, sent } = shown;
    await view.getByText('Ana keeps ten bees.').click();
    await view.getByRole('button', { name: 'Correct' }).click();
    await view.getByRole('textbox').fill('Ana keeps twenty bees.');
    expect(callsOf(shown, 'remember')).toEqual([]);
    await view.getByRole('button', { name: 'Save' }).click();
    await view.getByText('Corrected.').waitFor();
    expect(await textOf(id)).toBe('Ana keeps twenty bees.');
    const told = sent.find(({ method }) => method === 'ui/update-model-context');
    expect(JSON.stringify(told)).toContain(id);
    expect(JSON.stringify(told)).not.toContain('bees');
    await view.getByRole('button', { name: 'Back', exact: true }).click();
    await view.getByRole('button', { name: 'Ana keeps twenty bees.' }).waitFor();
  });

  it('is forgotten only once that is confirmed, and brought back', async () => {
    const id = await remember('Ana keeps bees.');
    const shown = await show({});
    const { view } = shown;
    await view.getByText('Ana keeps bees.').click();
    await view.getByRole('button', { name: 'Forget' }).click();
    await view.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
    await view.getByRole('button', { name: 'Forget' }).click();
    expect(callsOf(shown, 'forget')).toEqual([]);
    await view.getByRole('dialog').getByRole('button', { name: 'Forget' }).click();
    await view.getByText('Forgotten. You can bring it back here.').waitFor();
    expect(await textOf(id)).toBeUndefined();
    await view.getByRole('button', { name: 'Bring it back' }).click();
    await view.getByText('Brought back.', { exact: true }).waitFor();
    expect(await textOf(id)).toBe('Ana keeps bees.');
  });

  it('is erased at once, and that is said, where the client itself asks its user', async () => {
    const id = await remember('Ana keeps bees.');
    const transport = new StdioClientTransport({
      command: process.execPath,
      args: [program],
      env: { ...quietEnvironment, KEEPSAKE_HOME: server.home },
      cwd: '/',
    });
    const asking = new Client({ name: 'asking', version: '1' }, { capabilities: { elicitation: { form: {} } } });
    let isYes = false;
    asking.setRequestHandler(ElicitRequestSchema, () => (isYes ? { action: 'accept', content: { confirm: true } } : { action: 'decline' }));
    await asking.connect(transport);
    host = await showInChat(asking, { name: 'recall', arguments: {} });
    const { view } = host;
    const erase = async () => {
      await view.getByRole('button', { name: 'Erase for good…' }).click();
      await view.getByRole('dialog').getByRole('button', { name: 'Yes, erase it' }).click();
    };
    await view.getByText('Ana keeps bees.').click();
    await erase();
    await view.getByText('It was not erased').waitFor();
    expect(await textOf(id)).toBe('Ana keeps bees.');
    isYes = true;
    await erase();
    await view.getByText('Erased for good.', { exact: true }).waitFor();
    expect(await textOf(id)).toBeUndefined();
    await host.close();
    host = undefined;
    await asking.close();
  });

  it('is pinned, in the project that it belongs to', async () => {
    const id = await remember('The shop runs on port 8443.', { project: 'shop' });
    const { view } = await show({ project: 'shop' });
    await view.getByText('The shop runs on port 8443.').click();
    await view.getByRole('button', { name: 'Pin', exact: true }).click();
    await view.getByText('Pinned: it leads').waitFor();
    const { memories } = (await server.call('recall', { project: 'shop', filters: { id } })).structured;
    expect(memories).toMatchObject([{ id, pinned: true, space: 'project:shop' }]);
  });

  it('of another user than the configured one is changed for that user', async () => {
    await remember('Ben keeps goats.', { user_id: 'ben' });
    const { view } = await show({ user_id: 'ben' });
    await view.getByText('Ben keeps goats.').click();
    await view.getByRole('button', { name: 'Pin', exact: true }).click();
    await view.getByText('Pinned: it leads').waitFor();
    expect((await server.call('recall', { user_id: 'ben' })).structured.memories).toMatchObject([{ pinned: true, space: 'user:ben' }]);
  });

  it('stays as it is, and that is said, where the host lets nothing through', async () => {
    await remember('Ana keeps bees.');
    const { view } = await show({}, { refuse: true });
    await view.getByText('Ana keeps bees.').click();
    await view.getByRole('alert').getByText('The user did not allow it.').waitFor();
    await view.getByRole('button', { name: 'Back', exact: true }).click();
    await view.getByText('Ana keeps bees.').waitFor();
  });
});

describe('in its host', () => {
  it.each(['light', 'dark'] as const)('has no serious fault of accessibility in %s: the list, a memory, a question', async (theme) => {
    const id = await remember('Ana keeps ten bees.', { pinned: true, metadata: { source: 'chat' } });
    await server.call('remember', { memory_id: id, content: 'Ana keeps twenty bees.' });
    const shown = await show({ query: 'Ana' }, { context: { theme } });
    const { view } = shown;
    await view.getByText('Ana keeps twenty bees.').waitFor();
    expect(await faultsIn(shown)).toEqual([]);
    await view.getByText('Ana keeps twenty bees.').click();
    await view.getByText('What happened to it').waitFor();
    expect(await faultsIn(shown)).toEqual([]);
    await view.getByRole('button', { name: 'Forget' }).click();
    expect(await faultsIn(shown)).toEqual([]);
  });

  it('takes its theme, its colours and its language, and follows when they change', async () => {
    await remember('Ana keeps bees.');
    const variables = { '--color-background-primary': 'rgb(250, 240, 230)', '--color-text-primary': 'rgb(10, 20, 30)' };
    const { view, tell } = await show({}, { context: { theme: 'light', locale: 'zh-CN', styles: { variables } } });
    await view.getByText('1 条记忆').waitFor();
    const style = () =>
      view.evaluate<Record<string, string>>(`(() => {
        const { backgroundColor, color, colorScheme } = getComputedStyle(document.documentElement);
        return { backgroundColor, color, colorScheme, language: document.documentElement.lang };
      })()`);
    // The look follows the words in a moment of its own.
    await expect.poll(style).toEqual({
      backgroundColor: 'rgb(250, 240, 230)',
      color: 'rgb(10, 20, 30)',
      colorScheme: 'light',
      language: 'zh-CN',
    });
    await tell('ui/notifications/host-context-changed', { theme: 'dark', locale: 'en-US' });
    await view.getByText('1 memory').waitFor();
    await expect.poll(style).toMatchObject({ colorScheme: 'dark', language: 'en' });
  });

  it('asks for the room that it needs, so that nothing scrolls inside, on a phone, too', async () => {
    for (const number of [1, 2, 3, 4, 5])
      await remember(`Shell ${number} is white, and so long a word as Donaudampfschifffahrtsgesellschaft fits.`);
    const { view, sent } = await show({}, { width: 320 });
    await view.getByText('Shell 5').waitFor();
    const overflow = () =>
      view.evaluate<{ down: number; across: number }>(`(() => {
        const { scrollHeight, clientHeight, scrollWidth, clientWidth } = document.documentElement;
        return { down: scrollHeight - clientHeight, across: scrollWidth - clientWidth };
      })()`);
    await until(async () => (await overflow()).down === 0);
    expect(await overflow()).toEqual({ down: 0, across: 0 });
    expect(sent.some(({ method }) => method === 'ui/notifications/size-changed')).toBe(true);
  });

  it('answers what the host asks, and says what it does not know', async () => {
    const { ask } = await show({});
    expect(await ask('ping')).toMatchObject({ result: {} });
    expect(await ask('ui/resource-teardown', { reason: 'closed' })).toMatchObject({ result: {} });
    expect(await ask('tools/list')).toMatchObject({ error: { code: -32601 } });
  });

  it('hears the window around it and no other', async () => {
    await remember('Ana keeps bees.');
    const { view, tell } = await show({});
    await view.getByText('Ana keeps bees.').waitFor();
    const memory = { id: '1', memory: 'Forged.', space: 'user:x', kind: 'observation', created_at: '2026-01-01' };
    const news = { jsonrpc: '2.0', method: 'ui/notifications/tool-result', params: { structuredContent: { memories: [memory] } } };
    await view.evaluate(`postMessage(${JSON.stringify(news)}, '*')`);
    // By the time that the host's news is heard, so would have been the other.
    await tell('ui/notifications/host-context-changed', { locale: 'zh' });
    await view.getByText('1 条记忆').waitFor();
    expect(await view.getByText('Forged.').count()).toBe(0);
  });
});
