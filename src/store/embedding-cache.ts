import { createHash } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { EmbeddingCache, Space } from '../core/ports.js';
import { hasCode } from './error-code.js';
import { fileNamePart, spaceFileName } from './space-file-name.js';
import { openVectorFile, type VectorFile } from './vector-file.js';

function keyOf(space: Space, text: string): Buffer {
  return createHash('sha256').update(`${space}\0${text}`, 'utf8').digest();
}

function vectorsOf(space: Space): string {
  return `${spaceFileName(space)}.vec`;
}

function dimensionOf(folderName: string): number {
  return Number(/-(\d+)$/.exec(folderName)?.[1] ?? 0);
}

/**
 * The embedding cache of one model in `folder`: a file a space, model and dimension. `dimension` tells how many numbers
 * the model's vectors have, 0 while that is not known; then what an earlier process found out is used.
 */
export function openEmbeddingCache(options: { folder: string; model: string; dimension: () => number }): EmbeddingCache {
  const { folder, dimension } = options;
  const model = fileNamePart(options.model);
  const files = new Map<string, VectorFile>();

  function fileOf(modelFolder: string, space: Space): VectorFile {
    const path = join(folder, modelFolder, vectorsOf(space));
    const file = files.get(path) ?? openVectorFile(path, dimensionOf(modelFolder));
    files.set(path, file);
    return file;
  }

  async function modelFolders(): Promise<string[]> {
    const names = await readdir(folder).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return [];
      throw error;
    });
    return names.filter((name) => dimensionOf(name) > 0);
  }

  async function folderToRead(): Promise<string | undefined> {
    if (dimension() > 0) return `${model}-${dimension()}`;
    const own = (await modelFolders()).filter((name) => name === `${model}-${dimensionOf(name)}`);
    // Of several lengths nobody can tell which the model has now.
    return own.length === 1 ? own[0] : undefined;
  }

  async function makeFolder(name: string): Promise<void> {
    await mkdir(join(folder, name), { recursive: true, mode: 0o700 });
  }

  return {
    async get(space, texts) {
      const name = await folderToRead();
      return name === undefined ? texts.map(() => undefined) : fileOf(name, space).get(texts.map((text) => keyOf(space, text)));
    },

    async put(space, entries) {
      for (const length of new Set(entries.map(({ vector }) => vector.length))) {
        const name = `${model}-${length}`;
        await makeFolder(name);
        const group = entries.filter(({ vector }) => vector.length === length);
        await fileOf(name, space).put(group.map(({ text, vector }) => ({ key: keyOf(space, text), vector })));
      }
    },

    // Other models' vectors of a text betray it just as well.
    async keepOnly(space, texts) {
      const keys = texts.map((text) => keyOf(space, text));
      for (const name of await modelFolders()) await fileOf(name, space).keepOnly(keys);
    },

    async size(space) {
      const name = await folderToRead();
      return name === undefined ? { records: 0, free: 0 } : fileOf(name, space).size();
    },

    // What another reader of the same file still writes is written all the same: they share it as processes do.
    release(space) {
      for (const path of files.keys()) if (basename(path) === vectorsOf(space)) files.delete(path);
    },

    async prune(spaces) {
      const kept = new Set(spaces.flatMap((space) => [vectorsOf(space), `${vectorsOf(space)}.lock`]));
      for (const name of await modelFolders())
        for (const each of await readdir(join(folder, name)))
          if (!kept.has(each)) await rm(join(folder, name, each), { recursive: true, force: true });
    },
  };
}
