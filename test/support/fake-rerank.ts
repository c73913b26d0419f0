/** What can go wrong with a reranking alone: validation is a refusal that sends the request back. */
export type RerankFault =
  | 'wrong_count'
  | 'extra_result'
  | 'out_of_range'
  | 'double_index'
  | 'fraction_index'
  | 'nan_score'
  | 'huge_score'
  | 'validation';

/** How relevant a document is to a query. */
export type Relevance = (query: string, document: string) => number;

/** The path of DashScope's own form; every other endpoint is at /v1/rerank. */
export const dashScopePath = '/api/v1/services/rerank/text-rerank/text-rerank';

/** A request in one of the two forms, read; `fault` is what is wrong with it. */
interface Asked {
  query: string;
  documents: string[];
  topN: number;
  echoes: boolean;
  fault?: string;
}

/** Reads a request strictly: fields that an endpoint does not know are refused, as some do. */
export function readRerank(path: string, body: Record<string, unknown>): Asked {
  const isDashScope = path === dashScopePath;
  const { input, parameters = {}, ...rest } = body as { input?: Record<string, unknown>; parameters?: Record<string, unknown> };
  const { model, query, documents, top_n, return_documents, ...unknown } = (
    isDashScope ? { ...rest, ...input, ...parameters } : body
  ) as Record<string, unknown>;
  const texts = Array.isArray(documents) ? (documents as unknown[]) : [];
  const asked = {
    query: String(query),
    documents: texts.map(String),
    topN: top_n === undefined ? texts.length : Number(top_n),
    echoes: isDashScope ? return_documents === true : return_documents !== false,
  };
  const faults: [boolean, string][] = [
    [isDashScope && input === undefined, 'Field required: input'],
    [Object.keys(unknown).length > 0, `Extra inputs are not permitted: ${Object.keys(unknown).join(', ')}`],
    [typeof model !== 'string' || model === '', 'Field required: model'],
    [typeof query !== 'string' || query === '', 'query must not be empty'],
    [texts.length === 0 || !texts.every((text) => typeof text === 'string' && text !== ''), 'documents must not be empty'],
    [!Number.isInteger(asked.topN) || asked.topN < 1, 'top_n must be at least 1'],
  ];
  const fault = faults.find(([isSo]) => isSo)?.[1];
  return fault === undefined ? asked : { ...asked, fault };
}

/** The share of the query's words that the document has, a little less for each word of the document. */
export const sharedWords: Relevance = (query, document) => {
  const words = wordsOf(document);
  const wanted = wordsOf(query);
  return wanted.filter((word) => words.includes(word)).length / (wanted.length + words.length / 100);
};

function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
}

/** The answer in the form that the path speaks; NaN and 1e999 stand as texts where a fault writes them. */
export function rerankAnswer(
  path: string,
  asked: Asked,
  { relevance, fault }: { relevance: Relevance; fault: string | undefined },
): object {
  const { query, documents, topN, echoes } = asked;
  const best = documents
    .map((text, index) => ({ index, relevance_score: relevance(query, text) as unknown, ...(echoes && { document: { text } }) }))
    .sort((a, b) => Number(b.relevance_score) - Number(a.relevance_score))
    .slice(0, topN);
  // No API promises an order: the least relevant first.
  const results = best.reverse();
  const [first] = results;
  if (fault === 'wrong_count') results.pop();
  if (first && fault === 'extra_result') results.push({ ...first });
  if (first && fault === 'out_of_range') first.index = documents.length;
  if (first && fault === 'double_index') first.index = (first.index + 1) % documents.length;
  if (first && fault === 'fraction_index') first.index += 0.5;
  if (first && fault === 'nan_score') first.relevance_score = 'NaN';
  if (first && fault === 'huge_score') first.relevance_score = '1e999';
  const tokens = Math.ceil(documents.join(' ').length / 4);
  if (path === dashScopePath) return { output: { results }, usage: { total_tokens: tokens }, request_id: 'fake-request' };
  return { id: 'rerank-fake', model: 'fake', results, usage: { total_tokens: tokens }, meta: { billed_units: { search_units: 1 } } };
}

/** An error as the endpoints at a path word it: DashScope with a code, FastAPI servers with a detail, others with a message. */
export function rerankError(path: string, { status, message }: { status: number; message: string }, body: object): object {
  if (path === dashScopePath) return { code: status === 401 ? 'InvalidApiKey' : 'InvalidParameter', message, request_id: 'fake-request' };
  if (status === 422) return { detail: [{ type: 'too_long', loc: ['body', 'documents'], msg: message, input: body }] };
  return status === 401 ? { detail: message } : { id: 'fake-request', message };
}
