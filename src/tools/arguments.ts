import { z } from 'zod';
import { KeepsakeError } from '../core/errors.js';
import { mostMetadataKeys } from '../core/events.js';
import { redact } from '../core/redaction.js';

/** Who states or asks something: 1 to 128 characters that stay on one line. */
const label = z
  .string()
  .max(128)
  .refine((text) => /^\P{Cc}+$/u.test(text) && text.isWellFormed(), 'give 1 to 128 characters, none of them a control character');

/** Arguments that every tool takes. */
export const commonArguments = {
  user_id: z.string().optional().describe('whose memory; default: the configured user'),
  project: z.string().optional().describe('a project\'s memory instead: its name, or "." for the current one'),
  agent_id: label.optional(),
  run_id: label.optional().describe('session'),
};

/** A free label's value; the published schema stays free of unions. */
export const labels = z.record(z.string(), z.unknown());

type JsonSchema = Record<string, unknown>;

/**
 * The schema that a tool publishes: flat, without $schema, $ref and unions, numbers bounded. A text that may be null is
 * written as two types, which is no union.
 */
export function publishedSchema(schema: z.ZodType, io: 'input' | 'output'): JsonSchema {
  const { $schema: _, ...json } = z.toJSONSchema(schema, {
    io,
    target: 'draft-7',
    override: ({ zodSchema, jsonSchema }) => {
      if (zodSchema._zod.def.type === 'nullable') {
        delete jsonSchema.anyOf;
        Object.assign(jsonSchema, { type: ['string', 'null'] });
      }
      if (zodSchema._zod.def.type === 'record') delete jsonSchema.propertyNames;
    },
  });
  return json;
}

/** The schema of an answer as it is published: its fields, and lists of open objects, which docs/tools.md describes. */
export function answerSchema(schema: z.ZodObject): JsonSchema {
  const published = publishedSchema(schema, 'output') as { properties: Record<string, JsonSchema> };
  const properties = Object.entries(published.properties).map(([name, field]) => {
    const items = field.items as JsonSchema | undefined;
    return [name, items ? { type: 'array', items: { type: items.type } } : { type: field.type }] as const;
  });
  return { ...published, properties: Object.fromEntries(properties), additionalProperties: true };
}

/**
 * Reads the arguments of a call. Values that arrive as JSON text are understood, and null where it means nothing counts
 * as absent; anything else that does not fit raises invalid_argument and names what would.
 */
export function readArguments<S extends z.ZodObject>(schema: S, given: unknown): z.infer<S> {
  const parsed = schema.safeParse(unpacked(schema, given ?? {}));
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  if (issue?.code === 'unrecognized_keys') {
    const unknown = issue.keys.map((key) => [...issue.path, key].join('.'));
    throw new KeepsakeError(
      'invalid_argument',
      `Unknown argument ${unknown.join(', ')}; known are ${knownAt(publishedSchema(schema, 'input'), issue.path).join(', ')}.`,
    );
  }
  throw new KeepsakeError('invalid_argument', `${issue?.path.join('.') || 'arguments'}: ${issue?.message ?? 'not understood'}.`);
}

/** The names that a published schema knows at a place inside of the arguments. */
function knownAt(schema: JsonSchema | undefined, path: readonly PropertyKey[]): string[] {
  const properties = schema?.properties as Record<string, JsonSchema> | undefined;
  const [step, ...rest] = path;
  if (step === undefined) return Object.keys(properties ?? {});
  return knownAt((typeof step === 'number' ? schema?.items : properties?.[String(step)]) as JsonSchema | undefined, rest);
}

/** The value with JSON text where something else than text is wanted unpacked, and without fields that are null for nothing. Raises invalid_argument. */
function unpacked(schema: z.ZodType, given: unknown): unknown {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodDefault) return unpacked(schema.unwrap() as z.ZodType, given);
  const isText = schema instanceof z.ZodString || schema instanceof z.ZodEnum || schema instanceof z.ZodNullable;
  const value = typeof given === 'string' && !isText ? parsedOr(given) : given;
  if (schema instanceof z.ZodArray && Array.isArray(value)) return value.map((each) => unpacked(schema.element as z.ZodType, each));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  // A record would drop it without a word, and a filter that is dropped finds more than was asked for.
  if (schema instanceof z.ZodRecord && Object.hasOwn(value, '__proto__'))
    throw new KeepsakeError('invalid_argument', '__proto__ cannot be a key of metadata or filters; use another name.');
  if (!(schema instanceof z.ZodObject)) return value;
  const fields = new Map<string, z.ZodType>(Object.entries(schema.shape));
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, each]) => {
      const field = fields.get(name);
      if (!field) return [[name, each]];
      return each === null && !field.safeParse(null).success ? [] : [[name, unpacked(field, each)]];
    }),
  );
}

/** The value of a JSON text, or the text itself where it is none: the schema then says what it should be. */
function parsedOr(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** A text beside the statements as it may be stored: well-formed, secrets redacted. */
export function cleanText(text: string): string {
  return redact(text.toWellFormed()).text;
}

/** Metadata as it may be stored: a few short names with texts, numbers and booleans. Raises invalid_argument. */
export function readMetadata(given: Record<string, unknown> | undefined): Record<string, string | number | boolean | null> | undefined {
  if (given === undefined) return undefined;
  const entries = Object.entries(given);
  if (entries.length > mostMetadataKeys)
    throw new KeepsakeError('invalid_argument', `metadata holds at most ${mostMetadataKeys} keys, not ${entries.length}.`);
  return Object.fromEntries(
    entries.map(([key, value]) => {
      const isScalar =
        value === null || typeof value === 'boolean' || Number.isFinite(value) || (typeof value === 'string' && value.length <= 1000);
      if (!isScalar || key.length === 0 || key.length > 64) {
        throw new KeepsakeError(
          'invalid_argument',
          `metadata.${key.slice(0, 64)}: give a text of up to 1,000 characters, a number or a boolean under a key of 1 to 64 characters; null removes a key.`,
        );
      }
      return [key, typeof value === 'string' ? cleanText(value) : (value as number | boolean | null)];
    }),
  );
}
