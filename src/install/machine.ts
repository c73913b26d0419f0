import { join } from 'node:path';

/** The computer on which clients are looked for, as data, so that another one can be told of. */
export interface Machine {
  platform: NodeJS.Platform;
  env: Readonly<Record<string, string | undefined>>;
  /** Absolute path of the user's home folder. */
  homeFolder: string;
}

/** Where programs with a window keep their settings: Application Support, %APPDATA%, or the XDG folder. */
export function settingsFolder({ platform, env, homeFolder }: Machine): string {
  if (platform === 'darwin') return join(homeFolder, 'Library', 'Application Support');
  if (platform === 'win32') return env.APPDATA || join(homeFolder, 'AppData', 'Roaming');
  return env.XDG_CONFIG_HOME || join(homeFolder, '.config');
}
