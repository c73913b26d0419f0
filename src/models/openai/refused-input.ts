import { RefusedInputError } from '../../core/ports.js';
import { EndpointError } from './client.js';

/** What endpoints say of an input that is too long for the model, or that they do not let through to it. */
const aboutTheInput = [
  /context.{0,20}(length|size|window)|maximum.{0,20}(context|tokens)|prompt_tokens|input length|too (long|large|many tokens)/i,
  /tokens?\b.{0,60}(exceed|less than|too|larger|limit)|exceed.{0,60}tokens?\b/i,
  /content.?(filter|management|policy)|inappropriate|data.?inspection|moderation|safety|flagged|invalid.?prompt/i,
];

/** A failure that lies with the very input as RefusedInputError, any other as it is. */
export function asRefusal(error: unknown): unknown {
  if (!(error instanceof EndpointError)) return error;
  const { status, said, message } = error;
  const isAboutTheInput = (status === 400 || status === 422) && aboutTheInput.some((words) => words.test(said));
  return status === 413 || isAboutTheInput ? new RefusedInputError(message, { cause: error }) : error;
}
