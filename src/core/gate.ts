import { withoutControls } from './control-characters.js';
import type { MemoryState, SkippedPart } from './events.js';
import { flagsOf } from './injection.js';
import { partHeadings } from './profile-parts.js';
import { redact } from './redaction.js';

/** What the gate made of one text; `refused` says in a sentence why nothing of it may go on. */
export interface Gated {
  /** Well-formed and redacted: what may be stored and hashed. */
  text: string;
  /** The part of `text` that facts may be learnt from; empty if there is none. */
  learnable: string;
  /** What `learnable` leaves out of `text`, and why. */
  skipped: SkippedPart[];
  /** Memories that the text repeats in recall's own rendering. */
  recalled: RecalledMemory[];
  /** Kinds of the secrets that were replaced. */
  redactions: string[];
  /** `instruction-like`: reads like an attempt to instruct whoever recalls it. It is kept as data all the same. */
  flags: NonNullable<MemoryState['flags']>;
  refused?: string;
}

/** A memory as recall renders it. */
export interface RecalledMemory {
  id: string;
  text: string;
}

/** What begins each memory in recall's text: `[mem:` and the 14 characters of its id. */
export const memoryPrefix = /\[mem:([0-9a-z]{14})\]/;

/** One memory in recall's rendering, with the list mark before and the parenthesis behind it. */
const memoryLine =
  /(?:^[ \t>*•-]*(?:\d{1,4}[.)][ \t]*)?)?\[mem:([0-9a-z]{14})\][ \t]*("(?:[^"\\\n]|\\.)*")(?:[ \t]*\([^()\n]{0,400}\))?[ \t]*/gm;

/** What recall puts around its memories: how many there are, the headings of a profile, what was left out, how to go on, and what was degraded. */
const frameLine = new RegExp(
  `^[ \\t>]*(?:\\d+ of \\d+ memories:|\\d+ left out of this text; raise max_tokens or lower limit\\.|More: cursor [\\w-]+|Degraded: [^\\n]*|${Object.values(partHeadings).join('|')})[ \\t]*$`,
  'gm',
);

/** The memories that a text repeats in recall's rendering, and the text without them and their frame. Raises nothing. */
export function extractRecalled(text: string): { recalled: RecalledMemory[]; rest: string } {
  const recalled: RecalledMemory[] = [];
  const rest = text.replace(memoryLine, (_match, id: string, quoted: string) => {
    recalled.push({ id, text: unquote(quoted) });
    return '';
  });
  return { recalled, rest: recalled.length > 0 ? rest.replace(frameLine, '') : rest };
}

function unquote(quoted: string): string {
  const parsed = parseJson(quoted);
  return typeof parsed === 'string' ? parsed : quoted.slice(1, -1);
}

/** The value, or undefined where the text is no JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

const machineTags =
  'system-reminder|system_reminder|system|system_prompt|system-prompt|tool_result|tool_results|tool_use|tool_use_error|tool_output|tool_call|' +
  'function_calls|function_results|function_result|environment_details|environment_context|env|command-name|command-message|command-args|' +
  'local-command-stdout|local-command-stderr|user-prompt-submit-hook|task-notification|antml:function_calls|antml:function_results';
const machineTag = new RegExp(`<(/?)(${machineTags})(?:\\s[^<>]{0,200})?>`, 'gi');

const bootStart =
  /^\s*(?:#{1,6} [^\n]{0,80}\n\s*)?(?:you are|you're|act as|your name is|你是|您是)\s*(?:claude|chatgpt|gpt\b|gpt-|gemini|copilot|github copilot|cursor|codex|windsurf|cline|deepseek|qwen|kimi|通义|豆包|文心|(?:an? |the )?(?:(?:helpful|friendly|expert|powerful|advanced|autonomous|intelligent|interactive|agentic|professional|large|conversational),? ){0,3}(?:and (?:helpful|harmless|concise|friendly) )?(?:ai|language model|cli tool|coding agent|coding assistant|assistant (?:that|who|for|designed|named|called|created|built)|agent (?:that|who|for|designed|named|called|built)|(?<=(?:helpful|expert|autonomous|interactive|professional) )(?:assistant|agent))\b|(?:一个|一位|一名|一款)[^\n。！？好棒]{0,20}(?:助手|助理|人工智能|智能体|语言模型|机器人|AI))/i;

/** Cuts the elements that only machines write out of a text, nested ones with their parent; one left open ends with the text. */
function cutMachineElements(text: string): { rest: string; cut: string[] } {
  const cut: string[] = [];
  const kept: string[] = [];
  let depth = 0;
  let start = 0;
  for (const tag of text.matchAll(machineTag)) {
    const closing = tag[1] === '/';
    if (!closing && depth === 0) {
      kept.push(text.slice(start, tag.index));
      start = tag.index;
    }
    if (closing && depth === 0) continue;
    depth += closing ? -1 : 1;
    if (depth === 0) {
      cut.push(text.slice(start, tag.index + tag[0].length));
      start = tag.index + tag[0].length;
    }
  }
  (depth > 0 ? cut : kept).push(text.slice(start));
  return { rest: kept.join(''), cut };
}

/** Whether a passage is a data structure of a program: a JSON object or array of objects, or one XML or HTML element. */
function isDump(passage: string): boolean {
  const text = passage.trim();
  if (/^[[{]/.test(text) && /[\]}]$/.test(text)) {
    const parsed = parseJson(text);
    return typeof parsed === 'object' && parsed !== null && (!Array.isArray(parsed) || parsed.some((item) => typeof item === 'object'));
  }
  const root = /^(?:<\?xml[^>]{0,200}>\s*|<!doctype[^>]{0,200}>\s*)?<([A-Za-z][\w:.-]{0,60})[\s>]/i.exec(text)?.[1];
  return root !== undefined && text.endsWith(`</${root}>`);
}

/** Stack traces, and the marks with which clients print the results of tools. */
const toolOutputStart =
  /^\s*(?:Traceback \(most recent call last\):|(?:tool|function)[ _](?:result|output|response)s?(?: \([^\n)]{0,60}\)| for [\w.-]{1,60})?:|Observation: *[{[<]|⎿)/i;

function cutPassages(text: string): { rest: string; skipped: SkippedPart[] } {
  const skipped: SkippedPart[] = [];
  if (isDump(text)) return { rest: '', skipped: [{ text: excerpt(text), reason: toolOutput }] };
  const kept: string[] = [];
  const passages = text.split(/(\n[^\S\n]*\n)/);
  for (const [at, passage] of passages.entries()) {
    if (bootStart.test(passage)) {
      const heading = /^#{1,6} [^\n]*$/.test(passages[at - 2] ?? '') ? 2 : 0;
      kept.splice(kept.length - heading, heading);
      skipped.push({ text: excerpt(passages.slice(at - heading).join('')), reason: bootText });
      break;
    }
    if (toolOutputStart.test(passage) || isDump(passage)) skipped.push({ text: excerpt(passage), reason: toolOutput });
    else kept.push(passage);
  }
  return { rest: kept.join(''), skipped };
}

const bootText = "an agent's own instructions, not something that was stated";
const toolOutput = 'output of a tool, not something that was stated';
const loop = 'a memory that was recalled, not something new';
const excerptLength = 200;

/** As much of a passage as an answer can show: at most 200 UTF-16 units. */
export function excerpt(text: string): string {
  const trimmed = text.trim();
  return trimmed.length <= excerptLength ? trimmed : `${trimmed.slice(0, excerptLength - 1).toWellFormed()}…`;
}

/** A model's reason for what it proposes, as it may be kept: gated like any text, at most 200 UTF-16 units; undefined if it says nothing. */
export function cleanReason(reason: string | undefined): string | undefined {
  const { text, refused } = gate(reason ?? '');
  return refused ? undefined : excerpt(text);
}

/** Without lone surrogates, and without what steers a terminal: escape sequences, control characters other than line feed and tab. */
function wellFormed(text: string): string {
  return withoutControls(text.toWellFormed().replace(/\r\n?/g, '\n'));
}

/**
 * The first step of every input: makes the text well-formed, redacts secrets, refuses what is empty, and marks what
 * must not be learnt (agents' boot text, tool output, memories in recall's own rendering). Linear in the text; raises nothing.
 */
export function gate(input: string): Gated {
  const { text, redactions } = redact(wellFormed(input));
  if (!/[\p{L}\p{N}\p{P}\p{S}]/u.test(text)) {
    return {
      text,
      learnable: '',
      skipped: [],
      recalled: [],
      redactions,
      flags: [],
      refused: 'There is nothing to remember: the text is empty.',
    };
  }
  const { recalled, rest: fresh } = extractRecalled(text);
  const { rest: spoken, cut } = cutMachineElements(fresh);
  const { rest, skipped } = cutPassages(spoken);
  return {
    text,
    learnable: rest.trim(),
    skipped: [
      ...recalled.map((memory) => ({ text: excerpt(memory.text), reason: loop })),
      ...cut.map((element) => ({
        text: excerpt(element),
        reason: /^<(?:antml:)?(?:tool|function|local)/i.test(element) ? toolOutput : bootText,
      })),
      ...skipped,
    ],
    recalled,
    redactions,
    flags: flagsOf(text) ?? [],
  };
}
