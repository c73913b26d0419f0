import type { HistoryEvent } from '../core/answers.js';
import type { Command, Flag } from './command.js';

declare const __VERSION__: string;

const group = 'Your memories';
const events: readonly HistoryEvent['event'][] = ['ADD', 'UPDATE', 'DELETE', 'RESTORE', 'ERASE', 'CONFIRM', 'RECEIVED', 'PROCESSED'];

const scope = {
  project: { type: 'string', value: 'NAME', own: true, meaning: "a project's memories instead; . is the current one" },
  'agent-id': { type: 'string', value: 'NAME', meaning: 'the assistant that stated it' },
  'run-id': { type: 'string', value: 'NAME', meaning: 'the session in which it was stated' },
} as const satisfies Record<string, Flag>;

const span = {
  since: { type: 'string', value: 'WHEN', meaning: 'only from this day or instant on (2026-03-09)' },
  until: { type: 'string', value: 'WHEN', meaning: 'only up to this day or instant' },
} as const satisfies Record<string, Flag>;

const paging = {
  limit: { type: 'string', value: 'N', meaning: 'how many at most' },
  cursor: { type: 'string', value: 'CURSOR', meaning: 'the next page, as the answer before names it' },
} as const satisfies Record<string, Flag>;

const searched = {
  ...paging,
  ...span,
  'as-of': { type: 'string', value: 'WHEN', meaning: 'what was believed then' },
  ...scope,
  project: { ...scope.project, meaning: `${scope.project.meaning}, * all` },
} as const satisfies Record<string, Flag>;

/** The commands that do by hand what the tools do for assistants. */
export const memoryCommands: Record<string, Command> = {
  remember: {
    args: ['[TEXT...]'],
    flags: {
      verbatim: { type: 'boolean', meaning: 'as it stands, as one memory, without looking for facts' },
      'memory-id': { type: 'string', value: 'ID', meaning: 'corrects this memory: with TEXT, or with what else is to change' },
      revision: { type: 'string', value: 'N', meaning: 'brings --memory-id back to it, also out of forgetting' },
      kind: { type: 'string', value: 'KIND', choices: ['observation', 'procedure'], meaning: 'procedure: a how-to' },
      at: { type: 'string', value: 'WHEN', meaning: 'when it was said' },
      'occurred-at': { type: 'string', value: 'WHEN', meaning: 'when it happened or will (2024, 2024-03, 2024-03-09)' },
      'expires-at': { type: 'string', value: 'WHEN', meaning: 'not to be recalled after it; never takes that back' },
      pinned: { type: 'boolean', meaning: 'leads the profile' },
      unpinned: { type: 'boolean', meaning: 'takes that back' },
      metadata: { type: 'string', value: 'KEY=VALUE', multiple: true, meaning: 'a label to filter by' },
      'no-wait': { type: 'boolean', meaning: 'saves it at once, and leaves the model to a server' },
      ...scope,
    },
    meaning: 'remembers a statement or a passage; - or a pipe: the text from stdin',
    group,
    async run(run) {
      const { remember } = await import('./remember.js');
      return remember(run, __VERSION__);
    },
  },
  recall: {
    args: ['[QUERY...]'],
    flags: {
      ...searched,
      profile: { type: 'boolean', meaning: 'the standing picture, as a conversation begins with it' },
      explain: { type: 'boolean', meaning: 'how each hit came to its place' },
      'min-score': { type: 'string', value: '0..1', meaning: '0: everything, ranked' },
      filters: { type: 'string', value: 'JSON', meaning: 'such as {"kind":"insight"}' },
      now: { type: 'string', value: 'WHEN', meaning: '"last week" is relative to it' },
      'no-rerank': { type: 'boolean', meaning: 'without the reranker' },
    },
    meaning: 'searches by meaning, words and time, in any language',
    group,
    async run(run) {
      const { recall } = await import('./recall.js');
      return recall(run, __VERSION__);
    },
  },
  list: {
    args: [],
    flags: {
      ...searched,
      kind: { type: 'string', value: 'KIND', choices: ['observation', 'insight', 'procedure'] },
      watch: { type: 'boolean', meaning: 'goes on, and shows each change as it happens' },
    },
    meaning: 'the memories, newest first; --watch goes on with each change',
    group,
    async run(run) {
      const { list } = await import('./list.js');
      return list(run, __VERSION__);
    },
  },
  forget: {
    args: ['[ID...]'],
    flags: {
      query: { type: 'string', value: 'WORDS', meaning: 'what matches; shown and asked about first' },
      all: { type: 'boolean', meaning: 'everything; shown and asked about first' },
      erase: { type: 'boolean', meaning: 'also removes the text for good' },
      reason: { type: 'string', value: 'TEXT', meaning: 'kept in the history' },
      yes: { type: 'boolean', meaning: 'asks nothing' },
      confirm: { type: 'string', value: 'TOKEN', meaning: 'carries out the preview that this token is of' },
      limit: { type: 'string', value: 'N', meaning: 'how many of --query at most' },
      filters: { type: 'string', value: 'JSON', meaning: 'narrows --query and --all' },
      ...scope,
    },
    meaning: 'forgets memories; history and remember --memory-id ID --revision N bring them back',
    group,
    async run(run) {
      const { forget } = await import('./forget.js');
      return forget(run, __VERSION__);
    },
  },
  history: {
    args: ['[ID]'],
    flags: {
      query: { type: 'string', value: 'WORDS', meaning: 'only events that hold these words; finds forgotten memories too' },
      event: { type: 'string', value: 'NAME', multiple: true, choices: events, meaning: 'only events of this name' },
      ...paging,
      ...span,
      ...scope,
    },
    meaning: 'what happened to one memory, or to all, newest first',
    group,
    async run(run) {
      const { history } = await import('./history.js');
      return history(run, __VERSION__);
    },
  },
};
