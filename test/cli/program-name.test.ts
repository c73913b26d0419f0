import { expect, test } from 'vitest';
import { programName } from '../../src/cli/program-name.js';

test.each([
  ['/home/ann/.npm/_npx/0f3b/node_modules/.bin/keepsake-mcp', 'npx -y keepsake-mcp'],
  ['C:\\Users\\ann\\AppData\\Local\\npm-cache\\_npx\\0f3b\\node_modules\\keepsake-mcp\\dist\\main.js', 'npx -y keepsake-mcp'],
  ['/home/ann/.keepsake/program/1.0.0/node_modules/keepsake-mcp/dist/main.js', 'npx -y keepsake-mcp'],
  ['/usr/local/bin/keepsake-mcp', 'keepsake-mcp'],
  ['/home/ann/program/keepsake/dist/main.js', 'keepsake-mcp'],
])('A program that runs from %s is started again as %s', (script, name) => {
  expect(programName(script)).toBe(name);
});
