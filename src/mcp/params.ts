import { z } from 'zod';
import { ProtocolError } from './exchange.js';

const text = z.string('must be a string');
const object = <Shape extends z.ZodRawShape>(shape: Shape) => z.looseObject(shape, 'must be an object');
const recordOf = <Value extends z.ZodType>(value: Value) => z.record(z.string(), value, 'must be an object').optional();

const page = object({ cursor: text.optional() }).optional();
const resource = object({ uri: text });
const reference = z.union(
  [object({ type: z.literal('ref/prompt'), name: text }), object({ type: z.literal('ref/resource'), uri: text })],
  'must be {type: "ref/prompt", name} or {type: "ref/resource", uri}',
);

const shapes = new Map<string, z.ZodType>([
  ['tools/list', page],
  ['tools/call', object({ name: text, arguments: recordOf(z.unknown()) })],
  ['resources/list', page],
  ['resources/templates/list', page],
  ['resources/read', resource],
  ['resources/subscribe', resource],
  ['resources/unsubscribe', resource],
  ['prompts/list', page],
  ['prompts/get', object({ name: text, arguments: recordOf(text) })],
  [
    'completion/complete',
    object({
      ref: reference,
      argument: object({ name: text, value: text }),
      context: object({ arguments: recordOf(text) }).optional(),
    }),
  ],
]);

/**
 * Raises invalid_params, in one sentence, where the parameters of a request have another shape than its method takes; of
 * methods that are not answered here any shape will do.
 */
export function requireParams(method: string, given: unknown): void {
  const [issue] = shapes.get(method)?.safeParse(given).error?.issues ?? [];
  if (!issue) return;
  throw new ProtocolError('invalid_params', `${['params', ...issue.path].join('.')} of ${method} ${issue.message}.`);
}
