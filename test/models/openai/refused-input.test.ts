import { expect, it } from 'vitest';
import { RefusedInputError } from '../../../src/core/ports.js';
import { EndpointError } from '../../../src/models/openai/client.js';
import { asRefusal } from '../../../src/models/openai/refused-input.js';

const failure = (status: number | undefined, said: string) =>
  new EndpointError(`answered ${status}: ${said}`, { status, said, cause: undefined });

it.each([
  [400, "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens."],
  [400, 'the request exceeds the available context size. try increasing the context size or enable context shift'],
  [400, 'length of prompt_tokens (40000) must be less than max_seq_len (32768).'],
  [400, 'Range of input length should be [1, 30720]'],
  [400, 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'],
  [400, 'prompt is too long: 210000 tokens > 200000 maximum'],
  [400, "The response was filtered due to the prompt triggering Azure OpenAI's content management policy."],
  [400, 'Input data may contain inappropriate content.'],
  [422, 'Prompt contains 40000 tokens, too large for model with 32768 maximum context length'],
  [413, 'Request Entity Too Large'],
])('%i "%s" is about the very input', (status, said) => {
  expect(asRefusal(failure(status, said))).toMatchObject({ name: 'RefusedInputError', message: `answered ${status}: ${said}` });
});

it.each([
  [400, 'Model Not Exist'],
  [400, 'API key not valid. Please pass a valid API key.'],
  [400, 'Invalid token provided.'],
  [401, 'Incorrect API key provided.'],
  [403, 'Country, region, or territory not supported'],
  [404, 'The model does not exist'],
  [429, 'Rate limit reached: too many tokens per minute'],
  [500, 'The server had an error; maximum context length'],
  [undefined, 'could not be reached'],
])('%s "%s" is about the endpoint, whatever the input', (status, said) => {
  const error = failure(status, said);
  expect(asRefusal(error)).toBe(error);
});

it('leaves any other failure as it is', () => {
  const refusal = new RefusedInputError('refused');
  expect(asRefusal(refusal)).toBe(refusal);
});
