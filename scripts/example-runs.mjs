/** The words of the results that a request brings at its end. */
function results({ messages }) {
  const last = messages.findLastIndex(({ role }) => role !== 'tool');
  const texts = messages.slice(last + 1).map(({ content }) => content);
  return texts.join('\n');
}

/** What the model of the three plain examples does; each of them tells the same story. */
function assistant({ callTools }) {
  const profile = callTools({ name: 'recall', arguments: { profile: true } });
  return {
    answers: [
      profile,
      callTools(
        { name: 'remember', arguments: { content: 'The user is a vegetarian.' } },
        { name: 'remember', arguments: { content: 'The user lives in Lyon.' } },
      ),
      results,
      profile,
      results,
    ],
    says: [/ADD \[mem:/, /^> Where[\s\S]*vegetarian/m, /^> Where[\s\S]*Lyon/m],
    saysNot: [],
    remembered: [{ arguments: {}, memories: ['The user is a vegetarian.', 'The user lives in Lyon.'] }],
  };
}

/**
 * What each example is given to live through: the scripted answers of its model in order, what it then must print and
 * must not, and what a recall finds afterwards.
 */
export function exampleRuns(support) {
  const { callTools } = support;
  const known = { name: 'recall_customer', arguments: { query: 'When may we call?' } };
  const evening = 'The customer wants to be called in the evening only.';
  return {
    'openai-agents.js': assistant(support),
    'langchain.js': assistant(support),
    'ai-sdk.js': assistant(support),
    'customer-support.js': {
      answers: [
        callTools(known, { name: 'product_knowledge', arguments: { query: 'red light on the router' } }),
        callTools({ name: 'remember_customer', arguments: { fact: evening } }),
        results,
        callTools(known),
        results,
        callTools(known),
        results,
      ],
      says: [/^T-1[\s\S]*ADD[\s\S]*^T-2/m, /^T-2[\s\S]*Nothing is remembered[\s\S]*^T-3/m, /^T-3[\s\S]*evening only/m],
      saysNot: [/^T-2[\s\S]*evening only[\s\S]*^T-3/m],
      remembered: [
        { arguments: { user_id: 'ann@example.com', run_id: 'T-1' }, memories: [evening] },
        { arguments: { user_id: 'bob@example.com' }, memories: [] },
      ],
    },
    'companion.js': {
      answers: [
        'Hello Mei!',
        ({ system }) => system,
        callTools({ name: 'recall', arguments: { query: 'name of the dog' } }),
        (chat) => callTools({ name: 'forget', arguments: { memory_ids: [/\[mem:(\S+?)\].*Biscuit/.exec(results(chat))?.[1]] } }),
        results,
        ({ system }) => system,
      ],
      says: [/^tuesday[\s\S]*Biscuit/m, /Forgotten: 1\.[\s\S]*^wednesday/m, /^wednesday[\s\S]*Mei/m],
      saysNot: [/^wednesday[\s\S]*Biscuit/m],
      remembered: [],
    },
  };
}
