#!/usr/bin/env node
// Writes the sections of the documentation that follow from code; with --check it only tells whether they still do.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { installSection } from './install-links.mjs';
import { load } from './load.mjs';
import { argumentWords, errorWords, fieldWords } from './readme-words.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));

function table(head, rows) {
  const cells = (row) => `| ${row.map((cell) => String(cell).replaceAll('|', '\\|')).join(' | ')} |`;
  return [cells(head), cells(head.map(() => '---')), ...rows.map(cells)].join('\n');
}

function words(list, ...names) {
  const found = names.find((name) => Object.hasOwn(list, name));
  if (found === undefined) throw new Error(`scripts/readme-words.mjs has no words for ${names[0]}`);
  return list[found];
}

function typeOf({ type, enum: values, items, additionalProperties }) {
  if (values) return values.join(', ');
  if (type === 'array') return items.enum ? `list of ${items.enum.join(', ')}` : `list of ${items.type}s`;
  if (Array.isArray(type)) return type.join(' or ');
  return type === 'object' && additionalProperties ? 'object of labels' : type;
}

function boundsOf({ minimum, maximum, default: otherwise }) {
  const range = Number.isSafeInteger(maximum) && maximum < 1e9 && Number.isSafeInteger(minimum) ? `, ${minimum} to ${maximum}` : '';
  return `${range}${otherwise === undefined ? '' : `, default ${otherwise}`}`;
}

function argumentRows(tool, properties) {
  return Object.entries(properties).map(([name, schema]) => [
    `\`${name}\``,
    `${typeOf(schema)}${boundsOf(schema)}`,
    argumentWords[`${tool}.${name}`] ?? schema.description ?? words(argumentWords, name),
  ]);
}

/** All fields of an answer, those of its items after it. */
function fieldRows(path, { properties, required = [] }) {
  return Object.entries(properties).flatMap(([name, schema]) => {
    const here = [...path, name];
    const label = `\`${here.slice(1).join('.')}\`${required.includes(name) ? '' : ' ?'}`;
    const row = [label, typeOf(schema), words(fieldWords, here.join('.'), here.slice(-2).join('.'), name)];
    const nested = schema.type === 'array' ? schema.items : schema;
    return [row, ...(nested.properties ? fieldRows(here, nested) : [])];
  });
}

function toolSection({ name, description, input, output }, { publishedSchema, common }) {
  const { properties } = publishedSchema(input, 'input');
  // Those that mean the same in every tool are explained once.
  const own = Object.entries(properties).filter(([key, schema]) => JSON.stringify(schema) !== JSON.stringify(common[key]));
  return [
    `### ${name}`,
    description,
    table(['argument', 'type', 'meaning'], argumentRows(name, Object.fromEntries(own))),
    `<details><summary>What ${name} answers</summary>`,
    table(['field', 'type', 'meaning'], fieldRows([name], publishedSchema(output, 'output'))),
    '</details>',
  ].join('\n\n');
}

/** The files of examples/, as code. */
async function exampleSections() {
  const languages = { '.js': 'js', '.py': 'python' };
  const names = (await readdir(`${root}examples`)).filter((name) => extname(name) in languages);
  const read = async (name) => {
    const code = (await readFile(`${root}examples/${name}`, 'utf8')).replaceAll('\r\n', '\n');
    return [name, `\`\`\`${languages[extname(name)]}\n${code}\`\`\``];
  };
  return Object.fromEntries(await Promise.all(names.map(read)));
}

async function toolSections() {
  const { tools, commonArguments, publishedSchema, errorCodes } = await load(`
    export { tools } from './src/tools/table.js';
    export { commonArguments, publishedSchema } from './src/tools/arguments.js';
    export { errorCodes } from './src/core/errors.js';`);
  const common = publishedSchema(tools[0].input, 'input').properties;
  const shared = Object.fromEntries(Object.keys(commonArguments).map((name) => [name, common[name]]));
  return {
    tools: [
      ...tools.map((tool) => toolSection(tool, { publishedSchema, common: shared })),
      '### Arguments of every tool',
      table(['argument', 'type', 'meaning'], argumentRows('', shared)),
    ].join('\n\n'),
    errors: table(
      ['code', 'meaning'],
      errorCodes.map((code) => [`\`${code}\``, words(errorWords, code)]),
    ),
  };
}

async function settingSections() {
  const { optionRows } = await load(`export { optionRows } from './src/options.js';`);
  const rows = optionRows().map((row) => [`\`${row.name}\``, row.flag ? `\`${row.flag}\`` : '', row.default, row.meaning]);
  return { options: table(['environment', 'flag', 'default', 'meaning'], rows) };
}

/** A page with every `<!-- generated: NAME -->` section made anew. */
function filled(page, { old, made }) {
  let text = old;
  for (const [name, content] of Object.entries(made)) {
    const [start, end] = [`<!-- generated: ${name} -->`, `<!-- end: ${name} -->`];
    const from = text.indexOf(start);
    const to = text.indexOf(end);
    if (from < 0 || to < from) throw new Error(`${page} has no section ${start} ... ${end}`);
    text = `${text.slice(0, from + start.length)}\n${content}\n${text.slice(to)}`;
  }
  return text;
}

const pages = {
  'README.md': () => ({ 'install-links': installSection() }),
  'README.zh-CN.md': () => ({ 'install-links': installSection().replaceAll('[Install in ', '[安装到 ') }),
  'docs/tools.md': toolSections,
  'docs/settings.md': settingSections,
  'docs/frameworks.md': exampleSections,
};

for (const [page, sections] of Object.entries(pages)) {
  const old = (await readFile(`${root}${page}`, 'utf8')).replaceAll('\r\n', '\n');
  const text = filled(page, { old, made: await sections() });
  if (!process.argv.includes('--check')) await writeFile(`${root}${page}`, text);
  else if (text !== old) {
    process.stderr.write(`${page} does not say what the code says; run: npm run docs\n`);
    process.exitCode = 1;
  }
}
