import { inMode, type Scenario, type Step } from './scenario.js';

const introduction = `# Scenarios

What is said to an empty memory, and what it remembers, without a model (rules) and with one. Each scenario is told to a
running server in every test run; the model is played by a script that answers as a good one would. Beside these, ten posts of
one message at once from two servers make one memory, and a transcript of 200,000 characters gives up each of its facts.
`;

/** The table of scenarios for people, as Markdown. */
export function scenariosPage(scenarios: Scenario[]): string {
  return `${introduction}\n${scenarios.map(section).join('\n')}`;
}

function section(scenario: Scenario): string {
  const { title, steps } = scenario;
  const said = steps.length > 6 ? [...steps.slice(0, 2), undefined, ...steps.slice(-2)] : steps;
  const lines = said.flatMap((step) => (step === undefined ? ['- …'] : saidIn(step)));
  return [`## ${title}`, '', ...lines, '', ...remembered(scenario), ''].join('\n');
}

function saidIn({ said, at }: Step): string[] {
  const when = at === undefined ? '' : ` (${at})`;
  if (typeof said === 'string') return [`- ${quoted(said)}${when}`];
  return said.map(({ role, name, content }) => `- ${name ?? role}: ${quoted(content)}${when}`);
}

function remembered({ holds, needsModel }: Scenario): string[] {
  const listed = (texts: string[]) => (texts.length > 6 ? `${texts.length} memories` : texts.map(quoted).join(', ') || 'nothing');
  const model = listed(inMode(holds, 'model'));
  if (needsModel !== undefined) return [`With a model: ${model}.`, `Without one: not promised, because ${needsModel}.`];
  const rules = listed(inMode(holds, 'rules'));
  return rules === model ? [`In both modes: ${model}.`] : [`Rules: ${rules}.`, `With a model: ${model}.`];
}

/** A text in code marks, with what cannot be seen spelt out. */
function quoted(text: string): string {
  const visible = text.replace(/[\p{Cc}\p{Cf}\p{Cs}]/gu, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return `\`${visible.replaceAll('`', "'")}\``;
}
