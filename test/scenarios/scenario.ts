/** The two ways in which an input is understood. */
export type Mode = 'rules' | 'model';

/** What must be the same in both modes, or is told of each. */
export type PerMode<Value> = Value | { rules: Value; model: Value };

/** A fact as a good model writes it: the words it comes from, the statement, and what it does to an existing memory. */
export interface ModelFact {
  turn?: number;
  quote: string;
  text: string;
  subject?: string;
  entities?: string[];
  occurred_at?: string;
  recurs?: string;
  /** The memory, by its text, that the fact changes, and what that says afterwards. */
  updates?: [memory: string, text: string];
  /** The memory, by its text, that the fact makes untrue. */
  deletes?: string;
}

/** One message of a conversation. */
export interface Message {
  role: 'user' | 'assistant';
  content: string;
  name?: string;
}

/** One call of remember. */
export interface Step {
  said: string | Message[];
  /** When it is said; needed where dates count. */
  at?: string;
  /** What a good model makes of it. */
  model?: { facts?: ModelFact[]; skipped?: { text: string; reason: string }[] };
  /** The events of the answer with their texts, in order. */
  results: PerMode<[event: string, memory: string][]>;
  /** Of what is left out, the text or a part of it, and the reason or a part of it. */
  skipped?: PerMode<[text: string, reason: string][]>;
  /** Fields that the first memory has afterwards. */
  dated?: PerMode<{ occurred_at?: string; recurs?: string }>;
  /** How many close memories the answer names. */
  similar?: number;
}

/** One question that recall must answer. */
export interface Question {
  query: string;
  /** Answered from what was believed after this many steps. */
  after?: number;
  finds?: PerMode<string>;
  lacks?: PerMode<string>;
}

/** A piece of life, told call by call to an empty memory. */
export interface Scenario {
  title: string;
  /** Why code without a model cannot know; then it is told to a model alone. */
  needsModel?: string;
  steps: Step[];
  /** All that is remembered in the end, in any order. */
  holds: PerMode<string[]>;
  asked?: Question[];
  /** Events of the history: name, text and what was there before. */
  history?: PerMode<{ event: string; memory: string; previous?: string }[]>;
}

/** What holds in one mode. */
export function inMode<Value>(value: PerMode<Value>, mode: Mode): Value {
  return typeof value === 'object' && value !== null && 'rules' in value ? value[mode] : value;
}

/** Statements that a good model keeps word for word, since they are self-contained. */
export function same(...said: string[]): Step[] {
  return said.map((each) => ({ said: each, model: { facts: [{ quote: each, text: each }] }, results: [['ADD', each]] }));
}
