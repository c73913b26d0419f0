import type { SkippedPart, Turn } from '../../core/events.js';
import { excerpt } from '../../core/gate.js';
import type { Extraction, ExtractionInput, Extractor, Fact } from '../../core/ports.js';
import { breathe } from '../breathe.js';
import { leadInLength, withCapital } from './lead-in.js';
import { type Sentence, splitSentences } from './sentences.js';
import { fictionMark, idleReason, isAboutSpeaker, isConsequence, leansBack } from './speech.js';

/** A stretch of a turn that states something; `adjoins` tells that nothing was left out before it, `asked` that "remember that" stood there. */
interface Statement {
  start: number;
  end: number;
  adjoins: boolean;
  opens: boolean;
  asked: boolean;
}

/** Up to this many UTF-16 units, what belongs together stays one fact. */
const factLength = 300;

/** Names under which assistants speak; what they say is not about a person. */
const assistantName = /^(?:assistant|ai|bot|claude|chatgpt|gpt|gemini|copilot|system|tool)\b/i;

function isPerson(turn: Turn): boolean {
  return turn.role === 'user' || (turn.role === 'assistant' && turn.name !== undefined && !assistantName.test(turn.name));
}

const clauseBoundary = /[,;，；—–]\s*|\s+(?=(?:but|though|although|however|so|and)\s)/g;
const turningPoint = /^(?:but|though|although|however|anyway|still)\b[,\s]*|^(?:但是?|不过|其实)[，,]?/i;
const dangling = /^(?:when|if|while|after|before|unless|although|once|as soon as|what|suppose|imagine)\b/i;
const examinedBoundaries = 20;

/** The clause of an idle sentence that states something all the same: what leads up to it, or what a "but" turns back to. */
function findStatingClause(text: string): { start: number; end: number } | undefined {
  const states = (clause: string) =>
    isLongEnough(clause) && !dangling.test(clause) && !isConsequence(clause) && idleReason(clause, { deliberate: false }) === undefined;
  const boundaries = [...text.slice(0, 2_000).matchAll(clauseBoundary)].slice(0, examinedBoundaries);
  for (const boundary of boundaries.toReversed()) {
    if (states(text.slice(0, boundary.index))) return { start: 0, end: boundary.index };
  }
  for (const boundary of boundaries) {
    const from = boundary.index + boundary[0].length;
    const turn = turningPoint.exec(text.slice(from, from + 20));
    if (turn && states(text.slice(from + turn[0].length))) return { start: from + turn[0].length, end: text.length };
  }
  return undefined;
}

function isLongEnough(clause: string): boolean {
  return clause.trim().split(/\s+/, 3).length >= 3 || (/\p{Script=Han}/u.test(clause) && clause.length >= 4);
}

/** How much of a sentence only asks to remember what it goes on to state; what it asks to do stays whole. */
function askingLength(sentence: string): number {
  const length = leadInLength(sentence);
  const rest = sentence.slice(length);
  if (length === 0 || !(/\S\s+\S/.test(rest) || /\p{Script=Han}{4}/u.test(rest))) return 0;
  const reason = idleReason(rest, { deliberate: false });
  return reason === undefined || reason === 'no lasting statement' ? length : 0;
}

/** Sorts the sentences of one turn; `playing` carries a role play from turn to turn. */
async function sortTurn(turn: Turn, { deliberate, playing }: { deliberate: boolean; playing: boolean }) {
  const statements: Statement[] = [];
  const skipped: SkippedPart[] = [];
  let role = playing;
  let story = false;
  let supposing = false;
  let adjoins = true;
  const skip = (sentence: Sentence, reason: string) => {
    const last = skipped.at(-1);
    if (last?.reason === reason && !adjoins) last.text = excerpt(`${last.text} ${sentence.text}`);
    else skipped.push({ text: excerpt(sentence.text), reason });
    adjoins = false;
  };
  for (const sentence of splitSentences(turn.content)) {
    await breathe();
    const mark = fictionMark(sentence.text);
    if (mark === 'reality') role = story = false;
    if (mark === 'role') role = true;
    if (mark === 'turn') story = true;
    const judged = role || story ? 'fiction or role play' : idleReason(sentence.text, { deliberate });
    const carriesOn = judged === 'no lasting statement' && adjoins && statements.length > 0 && leansBack(sentence.text);
    const reason = carriesOn ? undefined : judged;
    if (supposing && reason === undefined && isConsequence(sentence.text)) {
      skip(sentence, 'hypothetical');
      continue;
    }
    supposing = reason === 'hypothetical';
    if (reason === undefined) {
      const asking = askingLength(sentence.text);
      statements.push({ start: sentence.start + asking, end: sentence.end, adjoins, opens: sentence.opens, asked: asking > 0 });
      adjoins = true;
      continue;
    }
    const clause = reason === 'fiction or role play' || reason === 'no lasting statement' ? undefined : findStatingClause(sentence.text);
    if (clause) {
      const { start, opens } = sentence;
      statements.push({ start: start + clause.start, end: start + clause.end, adjoins, opens, asked: false });
      adjoins = false;
      skip(
        {
          ...sentence,
          text: clause.start === 0 ? sentence.text.slice(clause.end).replace(/^[\s,;，；—–]+/, '') : sentence.text.slice(0, clause.start),
        },
        reason,
      );
    } else {
      skip(sentence, reason);
    }
  }
  return { statements, skipped, playing: role };
}

/**
 * Joins statements that only make sense together. A deliberate save keeps whole passages, paragraph by paragraph; a
 * conversation joins a sentence only to the one that says who "she" is.
 */
function joinStatements(statements: Statement[], { text, deliberate }: { text: string; deliberate: boolean }): Statement[] {
  const whole = deliberate && text.trim().length <= factLength;
  const joined: Statement[] = [];
  for (const statement of statements) {
    const last = joined.at(-1);
    const fits = last && statement.adjoins && statement.end - last.start <= factLength;
    const leans = leansBack(text.slice(statement.start, statement.start + 40)) || (last && text.slice(last.start, last.end).endsWith(':'));
    if (last && fits && (whole || (!statement.opens && (deliberate || leans)))) last.end = statement.end;
    else joined.push({ ...statement });
  }
  return joined;
}

/**
 * The built-in extraction, without a model: keeps the sentences that state something lasting in the speaker's own
 * words, in any language, and says why it left the others out. It raises nothing.
 */
export function createRulesExtractor(): Extractor {
  return {
    name: 'rules',
    remote: false,
    extract: extractFacts,
  };
}

async function extractFacts({ form, turns }: ExtractionInput): Promise<Extraction> {
  const deliberate = form === 'content';
  const facts: Fact[] = [];
  const skipped: SkippedPart[] = [];
  let playing = false;
  for (const [index, turn] of turns.entries()) {
    if (!isPerson(turn)) continue;
    const sorted = await sortTurn(turn, { deliberate, playing });
    playing = sorted.playing;
    skipped.push(...sorted.skipped);
    for (const { start, end, asked } of joinStatements(sorted.statements, { text: turn.content, deliberate })) {
      const quote = turn.content.slice(start, end);
      const text = asked ? withCapital(quote) : quote;
      facts.push({ text, turn: index, quote, ...(turn.name !== undefined && isAboutSpeaker(text) ? { subject: turn.name } : {}) });
    }
  }
  const first = turns[0];
  if (first && !turns.some(isPerson)) skipped.push({ text: excerpt(first.content), reason: 'not said by a person' });
  return { facts, skipped };
}
