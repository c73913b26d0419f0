#!/usr/bin/env node
// Makes sure that there is a Chromium for the browser tests and screenshots, and says where it is.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const { env, platform } = process;

/** Names on the PATH of a Linux system. */
const commands = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'microsoft-edge'];

/** Where the usual installers put it on other systems, relative to each of the folders. */
const places = {
  darwin: {
    folders: ['/Applications', join(env.HOME ?? '', 'Applications')],
    paths: ['Google Chrome.app/Contents/MacOS/Google Chrome', 'Chromium.app/Contents/MacOS/Chromium'],
  },
  win32: {
    folders: [env.PROGRAMFILES, env['PROGRAMFILES(X86)'], env.LOCALAPPDATA],
    paths: ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe', 'Chromium\\Application\\chrome.exe'],
  },
};

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error) return false;
    throw error;
  }
}

/** Path of a Chromium, Chrome or Edge of this machine; CHROME_PATH comes first. Undefined where there is none. */
export function findChromium() {
  if (env.CHROME_PATH) return isProgram(env.CHROME_PATH) ? env.CHROME_PATH : undefined;
  const { folders, paths } = places[platform] ?? { folders: (env.PATH ?? '').split(delimiter), paths: commands };
  return folders
    .filter(Boolean)
    .flatMap((folder) => paths.map((path) => join(folder, path)))
    .find(isProgram);
}

/** What to do where there is no Chromium, for this system. */
export function howToInstall() {
  if (env.CHROME_PATH) return `CHROME_PATH names ${env.CHROME_PATH}, which is no program; correct it, or unset it.`;
  const how = {
    darwin: 'install Google Chrome, or run `brew install --cask chromium`',
    win32: 'install Google Chrome, or use the Edge that comes with Windows',
    linux: 'run `sudo apt-get install chromium`, or the like of your system',
  };
  return `The browser tests need Chromium, Chrome or Edge: ${how[platform] ?? how.linux}, or set CHROME_PATH to one.`;
}

/** Path of a Chromium; on Debian and as root it is installed where it is missing. Undefined where there is none still. */
export function ensureChromium() {
  const found = findChromium();
  if (found || env.CHROME_PATH || !existsSync('/etc/debian_version') || process.getuid?.() !== 0) return found;
  const options = { stdio: ['ignore', 'inherit', 'inherit'], env: { ...env, DEBIAN_FRONTEND: 'noninteractive' } };
  spawnSync('apt-get', ['update'], options);
  spawnSync('apt-get', ['install', '--yes', '--no-install-recommends', 'chromium'], options);
  return findChromium();
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const path = ensureChromium();
  process.stderr.write(`${path ? `Chromium: ${path}` : howToInstall()}\n`);
  // Everything else can be tested without it; the tests that need it say so themselves.
}
