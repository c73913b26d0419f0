import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { z } from 'zod';
import packageJson from '../../package.json' with { type: 'json' };
import { serverJson } from '../../scripts/server-json.mjs';
import { optionRows } from '../../src/options.js';

const written: unknown = JSON.parse(readFileSync(new URL('../../server.json', import.meta.url), 'utf8'));

/** What schema 2025-12-11 of the registry asks of the parts that are used here. */
const registrySchema = z.strictObject({
  $schema: z.literal('https://static.modelcontextprotocol.io/schemas/2025-12-11/server.schema.json'),
  name: z
    .string()
    .min(3)
    .max(200)
    .regex(/^[a-zA-Z0-9.-]+\/[a-zA-Z0-9._-]+$/),
  title: z.string().min(1).max(100),
  description: z.string().min(1).max(100),
  version: z
    .string()
    .max(255)
    .regex(/^\d+\.\d+\.\d+/),
  packages: z
    .array(
      z.strictObject({
        registryType: z.enum(['npm', 'pypi', 'oci', 'nuget', 'mcpb']),
        identifier: z.string(),
        version: z.string().regex(/^\d+\.\d+\.\d+/),
        runtimeHint: z.enum(['npx', 'uvx', 'docker', 'dnx']),
        transport: z.strictObject({ type: z.literal('stdio') }),
        environmentVariables: z.array(
          z.strictObject({
            name: z.string(),
            description: z.string(),
            isRequired: z.boolean(),
            isSecret: z.boolean(),
            format: z.enum(['string', 'number', 'boolean', 'filepath']),
            placeholder: z.string().optional(),
          }),
        ),
      }),
    )
    .min(1),
});

it('server.json says what the code says', async () => {
  expect(written, 'run: npm run docs').toEqual(await serverJson());
});

it('server.json keeps to the rules of the registry, and names this package in this version', () => {
  const { name, version, description, packages } = registrySchema.parse(written);
  expect({ mcpName: name, version, description }).toEqual({
    mcpName: packageJson.mcpName,
    version: packageJson.version,
    description: packageJson.description,
  });
  expect(packages).toMatchObject([{ registryType: 'npm', identifier: packageJson.name, version: packageJson.version }]);
});

it('every setting of the server that a client starts is there, and every key is a secret', () => {
  const variables = registrySchema.parse(written).packages.flatMap(({ environmentVariables }) => environmentVariables);
  const options = new Map(optionRows().map((row) => [row.name, row]));
  for (const { name, isSecret } of variables) expect({ name, isSecret }).toEqual({ name, isSecret: options.get(name)?.secret });
  const names = variables.map(({ name }) => name);
  expect(names).toEqual(expect.arrayContaining(['KEEPSAKE_HOME', 'OPENAI_API_KEY', 'OPENAI_BASE_URL', 'KEEPSAKE_MODEL', 'CHROMA_URL']));
  // What is left out belongs to serve --http and connect.
  const left = [...options.values()].filter(({ name }) => !names.includes(name));
  for (const { name, meaning } of left) expect(`${name}: ${meaning}`).toMatch(/serve --http|connect|OAuth|over HTTP|access tokens|issuer/);
});
