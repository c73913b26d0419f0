import type { Config } from './config.js';
import { findProject } from './store/current-project.js';

/** The name of the current project for a client with these roots (file URIs), if there is one. No home is opened. */
export function currentProject(config: Config, roots: readonly string[], env = process.env): Promise<string | undefined> {
  return findProject({ setting: config.project, roots, env, cwd: process.cwd() });
}
