// Declares the types of the library entry for programs that have neither zod nor the SDK: what its declarations name, and no more.
import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { API, SymbolFlags, TypeFlags } from 'typescript/unstable/async';

const root = fileURLToPath(new URL('..', import.meta.url));
const source = join(root, 'src');
const entry = 'index';

/** For programs whose own libraries are older than what `await using` needs. */
const libraries = '/// <reference lib="esnext.disposable" />\n';

const settings = {
  extends: join(root, 'tsconfig.json'),
  compilerOptions: {
    ...{ noEmit: false, declaration: true, emitDeclarationOnly: true, noCheck: true, skipLibCheck: true },
    ...{ rootDir: source, typeRoots: [join(root, 'node_modules/@types')] },
  },
  files: [join(source, `${entry}.ts`)],
  include: [],
};

/** The declarations of every module that the entry loads, emitted into a folder. */
async function emit(folder) {
  const project = join(folder, 'tsconfig.json');
  const compilerOptions = { ...settings.compilerOptions, outDir: join(folder, 'emitted') };
  await writeFile(project, JSON.stringify({ ...settings, compilerOptions }));
  await promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', project]);
  return { project, read: (module) => readFile(join(folder, 'emitted', `${module}.d.ts`), 'utf8') };
}

/** Writes out what a schema makes of a type, with the comments of its fields. */
function createPrinter(checker) {
  async function isPlainObject(type) {
    if ((type.flags & TypeFlags.Object) === 0 || (await checker.isArrayType(type))) return false;
    return (await checker.getIndexInfosOfType(type)).length === 0;
  }

  async function printed(type, indent) {
    if (await checker.isArrayType(type)) {
      const [element] = await checker.getTypeArguments(type);
      const of = await printed(element, indent);
      return /[|&]/.test(of.replace(/\{[\s\S]*\}/, '')) ? `(${of})[]` : `${of}[]`;
    }
    const members = type.isUnionType() ? await type.getTypes() : [];
    const isWritten = await Promise.all(members.map(async (each) => (await isPlainObject(each)) || checker.isArrayType(each)));
    if (isWritten.includes(true)) return (await Promise.all(members.map((each) => printed(each, indent)))).join(' | ');
    return (await isPlainObject(type)) ? object(type, indent) : checker.typeToString(type, undefined, 1);
  }

  async function object(type, indent) {
    const inner = `${indent}    `;
    const written = async (field) => {
      const comment = await checker.getDocumentationCommentOfSymbol(field);
      const of = await printed(await checker.getTypeOfSymbol(field), inner);
      const isOptional = (field.flags & SymbolFlags.Optional) !== 0;
      return `${comment ? `${inner}/** ${comment} */\n` : ''}${inner}${field.name}${isOptional ? '?' : ''}: ${of};\n`;
    };
    const fields = await Promise.all((await checker.getPropertiesOfType(type)).map(written));
    return `{\n${fields.join('')}${indent}}`;
  }
  return (type) => printed(type, '');
}

/** A declaration file without zod: types that follow from schemas are written out, the schemas themselves left out. */
async function withoutSchemas(text, typeNamed) {
  const statements = text.split(/^(?=\/\*\*|(?:export |declare |import |type |interface ))/m);
  const kept = [];
  for (const statement of statements) {
    const inferred = /^export type (\w+) = z\.infer</.exec(statement)?.[1];
    if (inferred !== undefined) kept.push(`export type ${inferred} = ${await typeNamed(inferred)};\n`);
    else if (!/\bz\.|from 'zod'/.test(statement)) kept.push(statement);
    // Its comment goes with it.
    else if (kept.at(-1)?.startsWith('/**')) kept.pop();
  }
  return kept.join('');
}

/** The files of the entry's declarations, named from dist. Raises what the compiler refuses. */
export async function declarations() {
  const folder = await mkdtemp(join(tmpdir(), 'keepsake-types-'));
  const api = new API({ cwd: root });
  try {
    const { project, read } = await emit(folder);
    const { checker, program } = (await api.updateSnapshot({ openProject: project })).getProject(project);
    const print = createPrinter(checker);
    const files = new Map();
    async function add(module) {
      if (files.has(module)) return;
      const emitted = await read(module);
      const typeNamed = async (name) => {
        const symbol = await checker.getSymbolAtLocation(await program.getSourceFile(join(source, `${module}.ts`)));
        const exported = await checker.getExportsOfModule(symbol);
        return print(await checker.getDeclaredTypeOfSymbol(exported.find((each) => each.name === name)));
      };
      const text = emitted.includes("from 'zod'") ? await withoutSchemas(emitted, typeNamed) : emitted;
      files.set(module, module === entry ? `${libraries}${text}` : text);
      const named = [...text.matchAll(/(?:from |import\()'(\.[^']+)\.js'/g)].map(([, path]) => path);
      for (const path of named) await add(relative(source, join(source, dirname(module), path)));
    }
    await add(entry);
    return [...files].map(([module, contents]) => ({ name: join('types', `${module}.d.ts`), contents }));
  } finally {
    // This API ends the compiler by closing its input; the synchronous one kills it, of which it may complain on stderr.
    await api.close();
    await rm(folder, { recursive: true, force: true });
  }
}
