import { AppError } from '../errors/app-error.ts';
import { ERROR_TABLE } from '../errors/error-table.ts';
import type { Api } from './api.ts';
import type { CommandSpec, Invocation } from './command.ts';
import { COMMANDS } from './commands.ts';
import { connectApi } from './connect-api.ts';
import { errorLine } from './error-line.ts';
import { ExitStatus } from './fail.ts';
import { COMPLETE, findCommand } from './find-command.ts';
import { type ParsedCommand, parseCommand } from './parse-command.ts';
import { type Output, processOutput } from './terminal-output.ts';

/** Run one command line. Resolves to the exit status; errors are on stderr by then. */
export async function runCli(args: readonly string[], out: Output = processOutput()): Promise<number> {
  try {
    return await dispatch(args, out);
  } catch (error) {
    if (error instanceof ExitStatus) return error.status;
    if (!(error instanceof AppError)) {
      out.note(`berth: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
      return ERROR_TABLE.internal.exit;
    }
    out.note(errorLine(out, error));
    return ERROR_TABLE[error.code].exit;
  }
}

async function dispatch(args: readonly string[], out: Output): Promise<number> {
  const found = findCommand(args);
  if (found.type === 'help') {
    const help = await import('./show-help.ts');
    return help.showHelp(found.words, out);
  }
  const spec = await loadCommand(found.name);
  const parsed = parseCommand(found.name, spec, found.args);
  if (parsed.values.help) {
    const help = await import('./help.ts');
    out.line(help.commandHelp(found.name, spec));
    return 0;
  }
  return spec.run(invocationOf(parsed, out));
}

async function loadCommand(name: string): Promise<CommandSpec> {
  if (name === COMPLETE) return (await import('./complete.ts')).complete;
  const entry = COMMANDS[name];
  if (!entry) throw new Error(`no command ${name}`);
  return entry.load();
}

function invocationOf(parsed: ParsedCommand, out: Output): Invocation {
  const texts = (option: string): string[] =>
    [parsed.values[option] ?? []].flat().filter((one) => typeof one === 'string');
  const text = (option: string) => texts(option).at(-1);
  let api: Promise<Api> | null = null;
  return {
    names: parsed.names,
    rest: parsed.rest,
    text,
    texts,
    flag: (option) => parsed.values[option] === true,
    json: parsed.values.json === true,
    out,
    api: () => {
      api ??= connectApi(text('data'));
      return api;
    },
  };
}
