/** What was learnt from a run, for the next one of its kind. */
export interface HowTo {
  title: string;
  /** The task, in the words in which a person would ask for it. */
  trigger: string;
  /** In order, each understood by itself. */
  steps: string[];
}

/** Characters that the text of a how-to has at most. */
const longestText = 4_000;
const labels = { english: 'When to use: ', chinese: '适用场景：' };

/** The text under which a how-to is remembered, its trigger first, and the steps that did not fit. */
export function howToText({ title, trigger, steps }: HowTo): { text: string; left: string[] } {
  const label = /\p{Script=Han}/u.test(trigger) ? labels.chinese : labels.english;
  const name = inOneLine(title);
  let text = [`${label}${inOneLine(trigger)}`, name === inOneLine(trigger) ? '' : name]
    .filter(Boolean)
    .join('\n')
    .slice(0, longestText)
    .toWellFormed();
  for (const [index, step] of steps.entries()) {
    const line = `\n${index + 1}. ${inOneLine(step)}`;
    // A how-to that lacks a step in its middle would mislead.
    if (text.length + line.length > longestText) return { text, left: steps.slice(index) };
    text += line;
  }
  return { text, left: [] };
}

/** Whether a text has the form of a how-to and fits its bounds. */
export function isHowToText(text: string): boolean {
  const isLabelled = Object.values(labels).some((label) => text.startsWith(label.trim()));
  return isLabelled && /\n1\. \S/.test(text) && text.length <= longestText;
}

/** The text without the numbers of its steps, which say nothing. */
export function withoutStepNumbers(text: string): string {
  return isHowToText(text) ? text.replace(/^\d+\. /gm, '') : text;
}

function inOneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
