import { ERROR_TABLE } from '../errors/error-table.ts';
import type { CommandSpec, OptionSpec } from './command.ts';
import { COMMANDS, LAUNCHER_VERBS } from './commands.ts';
import { COMMON_OPTIONS } from './parse-command.ts';
import { formatPairs } from './table.ts';

function indent(text: string): string {
  return text.replace(/^(?=.)/gm, '  ');
}

function optionLine([long, { short, type, value, help }]: [string, OptionSpec]): readonly [string, string] {
  const name = `${short ? `-${short}, ` : '    '}--${long}${type === 'string' ? ` ${value ?? 'VALUE'}` : ''}`;
  return [name, help];
}

/** All commands, or those of one noun. */
export function overview(noun: string | null = null): string {
  const commands = Object.entries(COMMANDS)
    .filter(([name]) => noun === null || name.startsWith(`${noun} `))
    .map(([name, entry]) => [`berth ${name}`, entry.summary] as const);
  const launcher = Object.entries(LAUNCHER_VERBS).map(([name, text]) => [`berth ${name}`, text] as const);
  const all = noun === null ? [...launcher, ...commands] : commands;
  return [
    noun === null ? 'Berth: a console for Linux containers.' : `berth ${noun}:`,
    '',
    indent(formatPairs(all)),
    '',
    'More of each: berth help COMMAND, or COMMAND --help.',
    'Everywhere: --json for programs, --data DIR or BERTH_DATA for another instance.',
  ].join('\n');
}

/** One command in full. */
export function commandHelp(name: string, spec: CommandSpec): string {
  const summary = COMMANDS[name]?.summary ?? '';
  const options = Object.entries({ ...spec.options, ...COMMON_OPTIONS }).map(optionLine);
  return [
    `usage: berth ${name} ${spec.usage}`.trimEnd(),
    '',
    `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`,
    ...(spec.about ? ['', spec.about] : []),
    '',
    indent(formatPairs(options)),
  ].join('\n');
}

/** Exit statuses, for `berth help exit`. */
export function exitHelp(): string {
  const byStatus = new Map<number, string[]>([[0, ['done']]]);
  for (const [code, { exit }] of Object.entries(ERROR_TABLE)) {
    byStatus.set(exit, [...(byStatus.get(exit) ?? []), code]);
  }
  const lines = [...byStatus].sort(([a], [b]) => a - b);
  return [
    'Exit statuses:',
    '',
    indent(formatPairs(lines.map(([status, codes]) => [String(status), codes.join(', ')] as const))),
    '',
    'exec and shell end as their command did; a signal counts as 128 and its number.',
  ].join('\n');
}
