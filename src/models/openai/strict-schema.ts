import { z } from 'zod';

/** A JSON schema as sent to an endpoint. */
export type JsonSchema = { [keyword: string]: unknown };

/** Keywords that strict mode has known from its start; constraints on values are left to the parser. */
const kept = ['type', 'enum', 'description', '$ref'] as const;

/**
 * The JSON schema of a zod schema in the strict subset of OpenAI's structured outputs: every property is required,
 * no others are allowed, what is optional may be null. For objects, arrays, enums, unions and primitives.
 */
export function strictSchema(schema: z.ZodType): JsonSchema {
  return strict(z.toJSONSchema(schema, { io: 'input' }) as JsonSchema);
}

function strict(schema: JsonSchema): JsonSchema {
  const result: JsonSchema = {};
  for (const keyword of kept) if (keyword in schema) result[keyword] = schema[keyword];
  if ('const' in schema) result.enum = [schema.const];
  const alternatives = schema.anyOf ?? schema.oneOf;
  if (isList(alternatives)) result.anyOf = alternatives.map(strict);
  if (isSchema(schema.items)) result.items = strict(schema.items);
  if (isSchema(schema.$defs)) result.$defs = strictEach(schema.$defs);
  if (isSchema(schema.properties)) {
    const required = Array.isArray(schema.required) ? schema.required : [];
    const properties = strictEach(schema.properties);
    for (const [name, property] of Object.entries(properties)) {
      if (!required.includes(name)) properties[name] = nullable(property);
    }
    Object.assign(result, { properties, required: Object.keys(properties), additionalProperties: false });
  }
  return result;
}

function strictEach(schemas: JsonSchema): Record<string, JsonSchema> {
  return Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, strict(schema as JsonSchema)]));
}

function nullable(schema: JsonSchema): JsonSchema {
  const alternatives = isList(schema.anyOf) ? schema.anyOf : [schema];
  if (alternatives.some(({ type }) => type === 'null' || (Array.isArray(type) && type.includes('null')))) return schema;
  return { anyOf: [...alternatives, { type: 'null' }] };
}

function isSchema(value: unknown): value is JsonSchema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isList(value: unknown): value is JsonSchema[] {
  return Array.isArray(value) && value.every(isSchema);
}
