import { describe, expect, it } from 'vitest';
import { isEnglishOnly } from '../../../src/models/openai/embedding-models.js';

describe('embedding models by name', () => {
  it.each([
    'all-MiniLM-L6-v2',
    'sentence-transformers/all-MiniLM-L12-v2',
    'BAAI/bge-small-en-v1.5',
    'thenlper/gte-large-en',
    'intfloat/e5-base-v2',
    'all-mpnet-base-v2',
    'nomic-embed-text:latest',
    'mxbai-embed-large',
    'jina-embeddings-v2-base-en',
  ])('%s knows English only', (model) => expect(isEnglishOnly(model)).toBe(true));

  it.each([
    'text-embedding-3-small',
    'text-embedding-ada-002',
    'BAAI/bge-m3',
    'BAAI/bge-large-zh-v1.5',
    'intfloat/multilingual-e5-large',
    'paraphrase-multilingual-MiniLM-L12-v2',
    'nomic-embed-text-v2-moe',
    'Qwen/Qwen3-Embedding-0.6B',
    'text-embedding-v4',
    'gte-multilingual-base',
    'snowflake-arctic-embed-l-v2.0',
    'an-unknown-model',
  ])('%s may know others', (model) => expect(isEnglishOnly(model)).toBe(false));
});
