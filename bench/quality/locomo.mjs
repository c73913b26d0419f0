import { readFile } from 'node:fs/promises';

const categories = { 1: 'multi-hop', 2: 'temporal', 3: 'open-domain', 4: 'single-hop', 5: 'adversarial' };
const months = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ');

/** "1:56 pm on 8 May, 2023" as ISO 8601. The data name no zone; UTC is as good as any. */
function instantOf(text) {
  const found = /(\d+):(\d+) (am|pm) on (\d+) (\w{3})\w*, (\d+)/i.exec(text);
  if (!found) throw new Error(`not a time of LoCoMo: ${text}`);
  const [, hour, minute, half, day, month, year] = found;
  const hours = (Number(hour) % 12) + (half.toLowerCase() === 'pm' ? 12 : 0);
  return new Date(Date.UTC(Number(year), months.indexOf(month.toLowerCase()), Number(day), hours, Number(minute))).toISOString();
}

/** Every turn of every session, in order; what a picture shows is part of what was said. */
function memoriesOf(conversation) {
  const numbers = Object.keys(conversation).flatMap((key) => /^session_(\d+)$/.exec(key)?.[1] ?? []);
  numbers.sort((left, right) => left - right);
  return numbers.flatMap((number) => {
    const run = `session_${number}`;
    const at = instantOf(conversation[`${run}_date_time`]);
    return conversation[run].map(({ dia_id, speaker, text, blip_caption: caption }) => ({
      id: dia_id,
      text: `${text.trim()}${caption ? ` [shares ${caption}]` : ''}`,
      speaker,
      at,
      run,
    }));
  });
}

/** The turns that some evidence names; it is written in many ways ("D8:6; D9:17", "D:11:26", "D30:05"). */
function evidenceOf(written = [], known) {
  const ids = written.flatMap((text) => [...text.matchAll(/D:?(\d+):(\d+)/g)].map(([, session, turn]) => `D${+session}:${+turn}`));
  return [...new Set(ids)].filter((id) => known.has(id));
}

/** The conversations of a file in the form of LoCoMo's locomo10.json (Maharana et al. 2024), which its owner keeps. */
export async function readLocomo(path) {
  const samples = JSON.parse(await readFile(path, 'utf8'));
  const conversations = samples.map(({ conversation, qa }) => {
    const memories = memoriesOf(conversation);
    const known = new Set(memories.map(({ id }) => id));
    const questions = qa.map(({ question, category, evidence }) => ({
      question,
      category: categories[category],
      evidence: evidenceOf(evidence, known),
    }));
    return { memories, questions };
  });
  // Adversarial questions ask for what was never said: their turns prove no answer.
  return { name: 'LoCoMo', conversations, apart: ['adversarial'] };
}
