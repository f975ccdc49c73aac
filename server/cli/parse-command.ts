import { type ParseArgsConfig, parseArgs } from 'node:util';
import { suggestion } from '../errors/nearest.ts';
import type { CommandSpec, OptionSpec } from './command.ts';
import { misused } from './fail.ts';

export const COMMON_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  json: { type: 'boolean', help: 'print JSON, for programs' },
  data: {
    type: 'string',
    value: 'DIR',
    help: 'the instance with this data folder (default: BERTH_DATA, then /var/lib/berth)',
  },
  help: { type: 'boolean', short: 'h', help: 'show this' },
};

export interface ParsedCommand {
  names: string[];
  rest: string[] | null;
  values: Readonly<Record<string, string | boolean | (string | boolean)[] | undefined>>;
}

/** Parse what follows a command's name. Throws `bad_input` that names the word and suggests the nearest option. */
export function parseCommand(name: string, spec: CommandSpec, args: readonly string[]): ParsedCommand {
  const split = args.indexOf('--');
  const rest = split < 0 ? null : args.slice(split + 1);
  const own = split < 0 ? [...args] : args.slice(0, split);
  const options = { ...spec.options, ...COMMON_OPTIONS };
  const parsed = tokens(name, own, options);
  if (parsed.values.help) return { ...parsed, rest };
  const { min, max, what } = spec.names;
  if (parsed.names.length < min) throw misused(`${name} needs ${what}: see berth help ${name}`);
  if (parsed.names.length > max) {
    const extra = parsed.names[max];
    const hint = spec.rest
      ? `; a command comes after --: berth ${name} ${parsed.names[0] ?? ''} -- ${extra}`
      : '';
    throw misused(`${JSON.stringify(extra)} is too much for ${name}${hint}`);
  }
  if (rest !== null && !spec.rest) throw misused(`${name} takes nothing after --`);
  return { ...parsed, rest };
}

function tokens(name: string, args: string[], options: Readonly<Record<string, OptionSpec>>) {
  const config: ParseArgsConfig['options'] = {};
  for (const [long, { type, short, multiple }] of Object.entries(options)) {
    config[long] = { type, ...(short ? { short } : {}), ...(multiple ? { multiple } : {}) };
  }
  try {
    const { values, positionals } = parseArgs({ args, options: config, allowPositionals: true });
    return { values, names: positionals };
  } catch (error) {
    throw explain(name, args, options, error);
  }
}

function explain(
  name: string,
  args: readonly string[],
  options: Readonly<Record<string, OptionSpec>>,
  error: unknown,
): unknown {
  const shorts = Object.values(options).flatMap((option) => option.short ?? []);
  for (const arg of args) {
    const long = /^--([^=]+)/.exec(arg)?.[1];
    if (long !== undefined && !(long in options)) {
      const near = suggestion(
        `--${long}`,
        Object.keys(options).map((option) => `--${option}`),
      );
      return misused(`${name} has no option --${long}${near || `: see berth help ${name}`}`);
    }
    const short = /^-([^-])/.exec(arg)?.[1];
    if (short !== undefined && !shorts.includes(short)) {
      return misused(`${name} has no option -${short}: see berth help ${name}`);
    }
  }
  const option = error instanceof Error ? /'(?:-\w, )?--([\w-]+)/.exec(error.message)?.[1] : undefined;
  if (option === undefined || !(option in options)) return error;
  const { type, value } = options[option] ?? {};
  return type === 'boolean'
    ? misused(`--${option} takes no value`)
    : misused(`--${option} needs a value: --${option} ${value ?? 'VALUE'}`);
}
