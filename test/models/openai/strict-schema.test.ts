import { expect, it } from 'vitest';
import { z } from 'zod';
import { strictSchema } from '../../../src/models/openai/strict-schema.js';

it('requires every property, makes what is optional nullable, and drops limits and defaults', () => {
  const schema = z.object({
    name: z.string().min(1).max(9),
    age: z.number().int().min(0).optional(),
    note: z.string().nullish().catch(null),
    level: z.enum(['low', 'high']).default('low'),
    parts: z.array(z.discriminatedUnion('kind', [z.object({ kind: z.literal('a') }), z.object({ kind: z.literal('b') })])),
  });
  const part = (kind: string) => ({
    type: 'object',
    properties: { kind: { type: 'string', enum: [kind] } },
    required: ['kind'],
    additionalProperties: false,
  });
  expect(strictSchema(schema)).toEqual({
    type: 'object',
    properties: {
      name: { type: 'string' },
      age: { anyOf: [{ type: 'integer' }, { type: 'null' }] },
      note: { type: ['string', 'null'] },
      level: { anyOf: [{ type: 'string', enum: ['low', 'high'] }, { type: 'null' }] },
      parts: { type: 'array', items: { anyOf: [part('a'), part('b')] } },
    },
    required: ['name', 'age', 'note', 'level', 'parts'],
    additionalProperties: false,
  });
});
