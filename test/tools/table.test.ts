import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import { errorCodes } from '../../src/core/errors.js';
import { tools } from '../../src/tools/table.js';
import { type StartedServer, startServer } from '../support/server.js';

let server: StartedServer;
let listed: Awaited<ReturnType<StartedServer['client']['listTools']>>['tools'];

beforeAll(async () => {
  server = await startServer();
  ({ tools: listed } = await server.client.listTools());
});

/** Every schema inside a schema, itself first, each with where it stands. */
function schemasIn(schema: unknown, path = ''): { path: string; schema: Record<string, unknown> }[] {
  if (typeof schema !== 'object' || schema === null) return [];
  const children = Object.entries(schema).flatMap(([key, value]) => schemasIn(value, `${path}/${key}`));
  return [{ path, schema: schema as Record<string, unknown> }, ...children];
}

describe('the table of tools', () => {
  it('lists the four tools in their order', () => {
    expect(listed.map(({ name }) => name)).toEqual(['remember', 'recall', 'forget', 'memory_history']);
  });

  it('has one file and one test file for each tool, and no others', async () => {
    const files = tools.map(({ name }) => name.replaceAll('_', '-'));
    for (const file of files) {
      expect(existsSync(fileURLToPath(new URL(`../../src/tools/${file}.ts`, import.meta.url))), file).toBe(true);
    }
    const tests = (await readdir(fileURLToPath(new URL('.', import.meta.url)))).filter((name) => name.endsWith('.test.ts'));
    const about = new Set(tests.map((name) => name.split('.')[0]));
    expect([...about].sort()).toEqual([...files, 'rights', 'rules', 'table'].sort());
  });

  it('stays under 10,000 bytes with room for the arguments to come', () => {
    const bytes = Buffer.byteLength(JSON.stringify({ tools: listed }));
    expect(bytes).toBeLessThan(10_000 - 500);
  });

  it('explains itself to a new client in under 2,000 characters, naming when to call remember and recall', () => {
    const instructions = server.client.getInstructions() ?? '';
    expect(instructions.length).toBeGreaterThan(200);
    expect(instructions.length).toBeLessThan(2000);
    expect(instructions).toMatch(/Call recall once at the start of a conversation with `profile`/);
    expect(instructions).toMatch(/Call remember, unasked/);
  });

  it('introduces itself as keepsake', () => {
    expect(server.client.getServerVersion()).toMatchObject({
      name: 'keepsake',
      title: 'Keepsake',
      version: expect.stringMatching(/^\d+\./),
    });
  });

  it('has error codes that read as names', () => {
    for (const code of errorCodes) expect(code).toMatch(/^[a-z]+(_[a-z]+)*$/);
  });
});

describe.each(['remember', 'recall', 'forget', 'memory_history'])('%s', (name) => {
  const tool = () => {
    const found = listed.find((each) => each.name === name);
    if (!found) throw new Error(`${name} is not listed`);
    return found;
  };

  it('has a title, a description, all four annotations and an output schema', () => {
    expect(tool()).toEqual({
      name,
      title: expect.stringMatching(/^[A-Z]/),
      description: expect.any(String),
      annotations: {
        title: tool().title,
        readOnlyHint: expect.any(Boolean),
        destructiveHint: expect.any(Boolean),
        idempotentHint: expect.any(Boolean),
        openWorldHint: expect.any(Boolean),
      },
      inputSchema: expect.objectContaining({ type: 'object', additionalProperties: false }),
      outputSchema: expect.objectContaining({ type: 'object' }),
      // Of recall there is a page, too.
      ...(name === 'recall' && { _meta: expect.any(Object) }),
    });
  });

  it('is marked by what it does', () => {
    const reads = name === 'recall' || name === 'memory_history';
    expect(tool().annotations).toMatchObject({ readOnlyHint: reads, destructiveHint: name === 'forget' });
  });

  it('says in the first 300 characters of its description when to call it', () => {
    const start = (tool().description ?? '').slice(0, 300);
    expect(start).toMatch(/^Call this (unasked )?(when|whenever|once)/);
    const asks: Record<string, RegExp[]> = {
      remember: [/unasked/, /self-contained/],
      recall: [/unasked once at the start of a conversation with `profile`/],
      forget: [/asks you to forget/],
      memory_history: [/asks what was remembered, changed or forgotten/],
    };
    for (const phrase of asks[name] ?? []) expect(start).toMatch(phrase);
    if (name === 'remember') expect(tool().description).toMatch(/personal ones .* code base .* project/);
  });

  it('has a flat input schema: no references, no unions, lists with items, numbers with bounds', () => {
    for (const { path, schema } of schemasIn(tool().inputSchema)) {
      for (const keyword of ['$ref', '$defs', '$schema', 'definitions', 'anyOf', 'oneOf', 'allOf'])
        expect(Object.keys(schema), path).not.toContain(keyword);
      if (schema.type === 'array') expect(schema.items, path).toMatchObject({ type: expect.any(String) });
      if (schema.type === 'array') expect(schema, path).not.toHaveProperty('enum');
      if (schema.type === 'integer' || schema.type === 'number') {
        expect(schema.minimum, path).toBeGreaterThanOrEqual(0);
        expect(schema.maximum, path).toBeLessThanOrEqual(1_000_000_000);
      }
    }
  });

  it('names its arguments in snake_case and takes the common ones', () => {
    const names = Object.keys(tool().inputSchema.properties ?? {});
    for (const each of names) expect(each).toMatch(/^[a-z]+(_[a-z]+)*$/);
    expect(names).toEqual(expect.arrayContaining(['user_id', 'project', 'agent_id', 'run_id']));
  });

  it('publishes the fields of its answer, its lists as open objects', () => {
    const { outputSchema } = tool();
    expect(Object.keys(outputSchema?.properties ?? {}).length).toBeGreaterThan(1);
    for (const field of Object.values(outputSchema?.properties ?? {})) {
      const { type, items } = field as { type?: string; items?: { type?: string } };
      expect(type).toEqual(expect.any(String));
      if (type === 'array') expect(Object.keys(items ?? {})).toEqual(['type']);
    }
  });
});
