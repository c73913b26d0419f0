/**
 * What models were asked, retries and failed requests included. Injected models are not counted: who injects one knows
 * what it is asked. Tokens are as the endpoint counts them; a request of which it does not say adds none.
 */
export interface Usage {
  /** Requests to the models that extract, decide, reflect, converse, read images and transcribe. */
  model_calls: number;
  /** Tokens that those requests sent. */
  tokens_in: number;
  /** Tokens that were answered to them. */
  tokens_out: number;
  /** Requests to the embedding model. */
  embedding_calls: number;
  /** Tokens that were embedded. */
  embedding_tokens: number;
  /** Requests to the reranker. */
  rerank_calls: number;
  /** Tokens that it read. */
  rerank_tokens: number;
}
