import type { CommandSpec } from './command.ts';
import { openShell, reopenShell } from './open-shell.ts';

export const guestShell: CommandSpec = {
  usage: 'GUEST [--user USER] [--session ID] [-- COMMAND...]',
  about: [
    'The login shell of the user, or COMMAND, on this terminal; it ends with the status of the shell.',
    'Ctrl-] detaches: the shell runs on, and --session comes back to it.',
  ].join('\n'),
  options: {
    user: { type: 'string', short: 'u', value: 'USER', help: 'name or uid in the guest (default root)' },
    session: { type: 'string', value: 'ID', help: 'come back to this shell: berth guest info lists them' },
  },
  names: { min: 1, max: 1, what: 'the name of a guest' },
  rest: 'the program instead of the login shell',
  async run({ api: connect, names, out, rest, text }) {
    const guest = names[0] ?? '';
    const session = text('session');
    const api = await connect();
    if (session !== undefined) return reopenShell(api, out, guest, session);
    return openShell(api, out, { guest, user: text('user'), command: rest ?? undefined });
  },
};
