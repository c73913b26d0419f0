import { type Flags, UsageError } from './command.js';

/** The arguments of a tool that flags are named after: --as-of is as_of. Those in `apart` are left to the command. */
export function toolArguments(flags: Flags, apart: readonly string[] = []): Record<string, unknown> {
  const { metadata, ...others } = flags;
  const given = Object.entries(others).filter(([name]) => !apart.includes(name));
  return {
    ...Object.fromEntries(given.map(([name, value]) => [name.replaceAll('-', '_'), value])),
    ...(metadata === undefined ? {} : { metadata: Object.fromEntries([metadata].flat().map(labelOf)) }),
  };
}

/** KEY=VALUE as a label: numbers, true, false and null are what they look like, everything else is text. */
function labelOf(given: string | boolean): [string, unknown] {
  const [, key, value = ''] = /^([^=]+)=(.*)$/s.exec(String(given)) ?? [];
  if (key === undefined) throw new UsageError(`--metadata ${String(given)}: give a label as KEY=VALUE`);
  const isPlain = /^(?:true|false|null|-?(?:0|[1-9]\d{0,14})(?:\.\d{1,15})?)$/.test(value);
  return [key, isPlain ? (JSON.parse(value) as unknown) : value];
}
