import { access, constants, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type App, openApp } from '../app.js';
import type { Config, ModelEndpoint } from '../config.js';
import { chromaObstacle } from '../configured-index.js';
import { listedModels } from '../configured-models.js';
import { KeepsakeError, messageOf } from '../core/errors.js';
import { firstSignal } from '../core/first-signal.js';
import type { Logger, Space, VectorIndex } from '../core/ports.js';
import { currentProject } from '../current-project.js';
import { leavings, whatLeaves } from '../leaves-machine.js';
import { broken, counted, type Finding, working } from './finding.js';
import { networkCheckup } from './network-checkup.js';
import { programName } from './program-name.js';

/** What a checkup needs to know. */
export interface CheckupOptions {
  logger: Logger;
  signal: AbortSignal;
}

/** What the checks of one home share. */
interface Patient {
  app: App;
  config: Config;
  /** Those whose history can be read. */
  spaces: Space[];
  signal: AbortSignal;
}

/** Milliseconds that a model gets to answer, a store to start and answer, and the index to catch up with the log. */
const modelLimit = 5000;
const storeLimit = 60_000;
const catchUpLimit = 10_000;
/** As in package.json. */
const needsNode = '20.12';
const shortestKey = 8;
/** Damages that one line names. */
const mostDamages = 3;
/** What becomes of a home that cannot be written. */
const readAlone = 'until then it is read, and nothing new is remembered';

/** Opens the home as a server would, looks at every part of it, and lets all of it go. Never raises for what it finds broken. */
export async function checkup(config: Config, options: CheckupOptions): Promise<Finding[]> {
  const privacy = working('privacy', whatLeaves(config), { data: { sent: leavings(config) } });
  return withoutSecrets([...(await findingsOf(config, options)), privacy, ...(await networkCheckup(config))], config);
}

async function findingsOf(config: Config, options: CheckupOptions): Promise<Finding[]> {
  let app: App;
  try {
    app = await openApp(config, options);
  } catch (error) {
    return [checkNode(), broken('home', error), await checkChat(config, options.signal), await checkProject(config)];
  }
  try {
    const { history, spaces } = await checkHistory(app);
    const patient: Patient = { app, config, spaces, signal: options.signal };
    const chat = await checkChat(config, options.signal);
    const embedding = await checkEmbedding(patient);
    const reranker = await checkReranker(patient);
    const store = await checkStore(patient, embedding);
    const images = await checkReader('images', config.vision, options.signal);
    const audio = await checkReader('audio', config.transcription, options.signal);
    return [checkNode(), await checkHome(app), history, chat, images, audio, embedding, reranker, store, await checkProject(config)];
  } finally {
    await app.close();
  }
}

/** The findings without keys and passwords, whatever endpoints and libraries say in their errors. */
function withoutSecrets(findings: Finding[], { chat, embedding, reranker, chroma }: Config): Finding[] {
  // Shorter ones are words such as "none", which local endpoints take for a key.
  const keys = [chat?.apiKey, embedding?.apiKey, reranker?.apiKey, chroma.apiKey].filter(
    (key) => key !== undefined && key.length >= shortestKey,
  );
  const censored = (text: string) =>
    keys.reduce<string>((rest, key) => rest.replaceAll(key ?? '', '***'), text).replaceAll(/\/\/[^/@\s]+@/g, '//');
  return JSON.parse(JSON.stringify(findings), (_, value: unknown) => (typeof value === 'string' ? censored(value) : value)) as Finding[];
}

function checkNode(): Finding {
  const { node } = process.versions;
  const data = { version: node, platform: process.platform, arch: process.arch };
  const text = `${node} on ${process.platform} ${process.arch}`;
  if (node.localeCompare(needsNode, 'en', { numeric: true }) >= 0) return working('node', text, { data });
  return { part: 'node', standing: 'broken', text, fix: `install Node ${needsNode} or newer`, data };
}

async function checkHome({ home, config, requireLog }: App): Promise<Finding> {
  const file = join(home.path, 'config.json');
  const modes = await Promise.all([home.path, file].map(modeOf));
  const open = [home.path, file].filter((_, index) => process.platform !== 'win32' && ((modes[index] ?? 0) & 0o077) !== 0);
  try {
    await access(home.path, constants.W_OK);
  } catch (error) {
    return broken('home', error, `make it writable; ${readAlone}`);
  }
  try {
    // A full disk, or a lock of somebody else, shows only in a real write.
    await requireLog();
  } catch (error) {
    return broken('home', error, readAlone);
  }
  return working('home', `${home.path}, writable${open.length > 0 ? ', but others on this machine can look into it' : ''}`, {
    data: { path: home.path, mode: modes[0]?.toString(8), zone: config.zone },
    note: open.length > 0 && open.map((path) => `chmod ${path === file ? '600' : '700'} ${path}`).join(' && '),
  });
}

/** The permissions of a path; undefined where there is nothing. */
async function modeOf(path: string): Promise<number | undefined> {
  try {
    return (await stat(path)).mode & 0o777;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

async function checkHistory(app: App): Promise<{ history: Finding; spaces: Space[] }> {
  const damage: string[] = [];
  const spaces: { space: Space; events: number; memories: number; pending: number; pending_since?: string | undefined }[] = [];
  let newer = 0;
  const noted = (error: unknown, where = '') => {
    damage.push(where + messageOf(error));
    if (error instanceof KeepsakeError && error.code === 'update_needed') newer += 1;
  };
  for (const space of (await app.keepsake.spaces().catch(noted)) ?? []) {
    const counts = app.core.spaces.open(space).read(({ projection, lexical }) => ({
      space,
      events: projection.position.sequence,
      memories: lexical.size,
      pending: projection.pending.size,
      pending_since: projection.pending.values().next().value?.at,
    }));
    await counts.then((each) => {
      spaces.push(each);
      const refused = app.refusal(space);
      if (refused) noted(refused, `${space}: `);
    }, noted);
  }
  damage.push(...app.problems());
  const sum = (count: 'events' | 'memories' | 'pending') => spaces.reduce((total, space) => total + space[count], 0);
  const since = spaces.flatMap(({ pending_since = [] }) => pending_since).sort()[0];
  const setAside = (await readdir(app.home.folders.history)).filter((name) => name.includes('.torn-'));
  const parts = [
    counted(spaces.length, 'space'),
    counted(sum('events'), 'event'),
    counted(sum('memories'), 'memory', 'memories'),
    ...(sum('pending') > 0 ? [`${counted(sum('pending'), 'input')} waiting since ${since}`] : []),
    ...(setAside.length > 0 ? [`${counted(setAside.length, 'unfinished write')} set aside`] : []),
    ...damage.slice(0, mostDamages),
    ...(damage.length > mostDamages ? [`and ${damage.length - mostDamages} more, which ${programName()} verify lists`] : []),
  ];
  const data = { spaces, set_aside: setAside, damage };
  const note =
    sum('pending') > 0 &&
    (app.core.extractor.remote
      ? 'a running server processes them as soon as its chat model answers'
      : 'they wait for a model that is not configured here; a day after they came, the built-in rules process them');
  const sound = working('history', parts.join(', '), { data, note });
  const fix =
    newer === damage.length
      ? 'the rest can be used'
      : `the rest is intact; ${programName()} verify names the lines, to be brought back into ${app.home.folders.history} from a backup if there is one`;
  return { history: damage.length > 0 ? { ...sound, standing: 'broken', fix } : sound, spaces: spaces.map(({ space }) => space) };
}

async function checkChat({ chat, infer }: Config, signal: AbortSignal): Promise<Finding> {
  const rules = 'built-in rules find the facts';
  if (infer === 'rules') return working('chat', `${rules}, as configured`, { data: { model: 'rules' } });
  if (!chat) {
    if (infer === 'model') return broken('chat', 'no model is configured', 'set OPENAI_API_KEY or OPENAI_BASE_URL');
    return working('chat', rules, { data: { model: 'rules' }, note: 'set OPENAI_API_KEY or OPENAI_BASE_URL for a model that finds more' });
  }
  return checkListing('chat', chat, { setting: 'KEEPSAKE_MODEL', signal });
}

/** Whether the endpoint of a model answers and lists it: the cheapest way to try it. */
async function checkListing(
  part: string,
  endpoint: ModelEndpoint,
  { setting, signal }: { setting: string; signal: AbortSignal },
): Promise<Finding> {
  const { model } = endpoint;
  try {
    const { value: listed, milliseconds } = await timed(() => listedModels(endpoint, limited(signal, modelLimit)));
    const unlisted = listed !== undefined && listed.length > 0 && !listed.some((id) => id === model || id === `${model}:latest`);
    return working(part, `${nameOf(endpoint)} answers in ${milliseconds} ms`, {
      data: { ...identified(endpoint), milliseconds },
      note:
        (listed === undefined && 'it does not list its models; if inputs stay waiting, check the base URL, which usually ends in /v1') ||
        (unlisted && `it does not list ${model}; set ${setting} to one of ${listed.slice(0, 5).join(', ')}`),
    });
  } catch (error) {
    signal.throwIfAborted();
    return unreachable(part, endpoint, error);
  }
}

async function checkReader(part: 'images' | 'audio', endpoint: ModelEndpoint | undefined, signal: AbortSignal): Promise<Finding> {
  const setting = part === 'images' ? 'KEEPSAKE_VISION_MODEL' : 'KEEPSAKE_TRANSCRIBE_MODEL';
  if (endpoint) return checkListing(part, endpoint, { setting, signal });
  return working(part, `off, as usual: attached ${part === 'images' ? 'images are' : 'audio is'} skipped, and the answer says so`, {
    data: { model: 'off' },
  });
}

async function checkEmbedding({ app, config, signal }: Patient): Promise<Finding> {
  const { embedder } = app;
  if (!config.embedding) {
    return working('embedding', `built-in (${embedder.model}), which knows spelling but not meaning`, {
      data: { model: embedder.model, dimension: embedder.dimension },
      note: 'set OPENAI_API_KEY or OPENAI_BASE_URL for a model that finds by meaning',
    });
  }
  try {
    const { milliseconds } = await timed(() => embedder.embed(['Keepsake'], limited(signal, modelLimit)));
    const kept = await readdir(app.home.folders.cache);
    return working('embedding', `${nameOf(config.embedding)} answers ${embedder.dimension} numbers in ${milliseconds} ms`, {
      data: { ...identified(config.embedding), dimension: embedder.dimension, milliseconds, english_only: app.englishOnly, kept },
      note: app.englishOnly && 'it was trained on English alone; for other languages set KEEPSAKE_EMBEDDING_MODEL to a multilingual one',
    });
  } catch (error) {
    signal.throwIfAborted();
    return unreachable('embedding', config.embedding, error);
  }
}

async function checkReranker({ app, config, signal }: Patient): Promise<Finding> {
  const { reranker } = app.core;
  if (!reranker || !config.reranker) return working('reranker', 'off, as usual', { data: { model: 'off' } });
  const { url, apiKey, model } = config.reranker;
  const { origin, pathname } = new URL(url);
  const data = { model, url: origin + pathname, has_key: apiKey !== undefined };
  try {
    const { milliseconds } = await timed(() => reranker.score('Keepsake', ['Keepsake', 'memory'], signal));
    return working('reranker', `${model} at ${data.url} answers in ${milliseconds} ms`, { data: { ...data, milliseconds } });
  } catch (error) {
    signal.throwIfAborted();
    return { ...broken('reranker', `${model}: ${messageOf(error)}`, 'until then what a search finds is ranked without it'), data };
  }
}

function unreachable(part: string, endpoint: ModelEndpoint, error: unknown): Finding {
  const fix = 'check the URL, the key and the network; until then inputs wait and recall goes by words';
  return { ...broken(part, `${nameOf(endpoint)}: ${messageOf(error)}`, fix), data: identified(endpoint) };
}

function nameOf({ model, baseUrl }: ModelEndpoint): string {
  return `${model} at ${baseUrl}`;
}

function identified({ model, baseUrl, apiKey }: ModelEndpoint): Finding['data'] {
  return { model, base_url: baseUrl, has_key: apiKey !== undefined };
}

function limited(signal: AbortSignal, milliseconds: number): AbortSignal {
  return firstSignal(signal, AbortSignal.timeout(milliseconds));
}

async function timed<T>(work: () => Promise<T>): Promise<{ value: T; milliseconds: number }> {
  const start = performance.now();
  return { value: await work(), milliseconds: Math.round(performance.now() - start) };
}

async function checkStore(patient: Patient, embedding: Finding): Promise<Finding> {
  const { app, config, signal } = patient;
  const obstacle = await chromaObstacle(config, app.home);
  if (obstacle !== undefined && config.store === 'chroma') return broken('store', obstacle);
  if (embedding.standing === 'broken') {
    return working('store', 'not opened, since its vectors come from the embedding model', {
      data: {},
      note: 'see embedding',
    });
  }
  try {
    const index = await app.vectors.open(app.embedder.dimension);
    const behind = await caughtUp(patient, index);
    const vectors = await index.count(limited(signal, storeLimit));
    const about = await index.describe();
    const others = await otherModels(app);
    const lag = behind > 0 ? `${counted(behind, 'memory', 'memories')} behind the history` : 'up to date';
    const text = [about, counted(vectors, 'vector'), lag, ...others].join('; ');
    const note = obstacle ?? (behind > 0 && 'a running server catches up by itself; if it does not, its log says why');
    return working('store', text, { data: { index: about, vectors, behind, obstacle }, note });
  } catch (error) {
    signal.throwIfAborted();
    const remote = config.chroma.url !== undefined || config.chroma.apiKey !== undefined;
    const check = remote ? 'check CHROMA_URL, CHROMA_API_KEY and the server' : `see ${app.home.folders.chroma}`;
    return broken('store', error, `${check}; recall goes by words until it is back, and KEEPSAKE_STORE=embedded does without Chroma`);
  }
}

/** How many memories the index lacks once it has caught up, or after the time it gets for that. */
async function caughtUp(patient: Patient, index: VectorIndex): Promise<number> {
  const deadline = performance.now() + catchUpLimit;
  for (;;) {
    const behind = await lagOf(patient, index);
    if (behind === 0 || performance.now() > deadline) return behind;
    await pause(100, undefined, { signal: patient.signal });
  }
}

async function lagOf({ app, spaces, signal }: Patient, index: VectorIndex): Promise<number> {
  let behind = 0;
  for (const space of spaces) {
    const { sequence } = await index.advance(space, () => Promise.resolve(undefined), limited(signal, storeLimit));
    behind += await app.core.spaces
      .open(space)
      .read(({ projection }) => [...projection.memories.values()].filter(({ changed }) => changed > sequence).length);
  }
  return behind;
}

/** Says so when programs of this home have used other embedding models: each finds only by its own vectors. */
async function otherModels({ home }: App): Promise<string[]> {
  const kept = await readdir(home.folders.cache);
  return kept.length > 1 ? [`this home has been used with ${kept.length} embedding models (${kept.join(', ')})`] : [];
}

async function checkProject(config: Config): Promise<Finding> {
  const name = await currentProject(config, []);
  return working('project', name ?? 'none: no git repository here', { data: { name } });
}
