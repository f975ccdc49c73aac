import type { CommandSpec } from './command.ts';
import { ENTRY_OPTIONS, readEnvironment } from './entry-options.ts';
import { misused } from './fail.ts';
import { openShell, reopenShell } from './open-shell.ts';
import { parseDuration } from './units.ts';

export const guestShell: CommandSpec = {
  usage:
    'GUEST [--user USER] [--workdir DIR] [--env NAME=VALUE]... [--name NAME] [--idle TIME] [--session ID] [-- COMMAND...]',
  about: [
    'The login shell of the user, or COMMAND, on this terminal; it ends with the status of the shell.',
    'Ctrl-] detaches: the shell runs on, and --session comes back to it. berth terminal ls lists what runs.',
  ].join('\n'),
  options: {
    ...ENTRY_OPTIONS,
    name: { type: 'string', short: 'n', value: 'NAME', help: 'what it is called in lists and on tabs' },
    idle: {
      type: 'string',
      value: 'TIME',
      help: 'end it when nobody looks and nothing happens for so long, whole minutes: 30m, 8h (default never)',
    },
    session: { type: 'string', value: 'ID', help: 'come back to this shell: berth terminal ls lists them' },
  },
  names: { min: 1, max: 1, what: 'the name of a guest' },
  rest: 'the program instead of the login shell',
  async run({ api: connect, names, out, rest, text, texts }) {
    const guest = names[0] ?? '';
    const session = text('session');
    const idleMinutes = readIdle(text('idle'));
    const environment = readEnvironment(texts('env'));
    const api = await connect();
    if (session !== undefined) return reopenShell(api, out, guest, session);
    return openShell(api, out, {
      ...{ guest, user: text('user'), workdir: text('workdir'), environment },
      ...{ command: rest ?? undefined, name: text('name'), idleMinutes },
    });
  },
};

const MINUTE = 60_000;

/** Whole minutes; the server counts in them. */
function readIdle(given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  const minutes = parseDuration(given, '--idle') / MINUTE;
  if (!Number.isInteger(minutes) || minutes < 1)
    throw misused(`--idle is ${JSON.stringify(given)}: give whole minutes, such as 30m or 8h`);
  return minutes;
}
