/** Where npx keeps a program for one call, and where install copies it to in the home: nothing on the PATH leads there. */
const unreachable = /[\\/]_npx[\\/]|[\\/]program[\\/][^\\/]+[\\/]node_modules[\\/]/;

/** What a person types to start this program again; `script` is the path of the one that runs. */
export function programName(script = process.argv[1] ?? ''): string {
  return unreachable.test(script) ? 'npx -y keepsake-mcp' : 'keepsake-mcp';
}
