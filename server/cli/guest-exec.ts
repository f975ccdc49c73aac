import type { CommandSpec } from './command.ts';
import { ENTRY_OPTIONS, readEnvironment } from './entry-options.ts';
import { misused } from './fail.ts';
import { withNearestGuest } from './find-guest.ts';

export const guestExec: CommandSpec = {
  usage: 'GUEST [--user USER] [--workdir DIR] [--env NAME=VALUE]... [-t] -- COMMAND...',
  about: [
    'stdin, stdout and stderr are passed as they are; it ends as the command did, or with 128 and the number',
    'of the signal that ended it. With -t it runs on this terminal, and Ctrl-] detaches from it.',
  ].join('\n'),
  options: {
    ...ENTRY_OPTIONS,
    tty: { type: 'boolean', short: 't', help: 'run it on this terminal' },
  },
  names: { min: 1, max: 1, what: 'the name of a guest' },
  rest: 'the command',
  async run({ api: connect, flag, json, names, out, rest, text, texts }) {
    if (json) throw misused('exec prints what the command prints: it has no --json');
    const guest = names[0] ?? '';
    const command = rest ?? [];
    if (command.length === 0) throw misused(`nothing to run: berth guest exec ${guest} -- COMMAND`);
    const request = {
      guest,
      command,
      user: text('user'),
      workdir: text('workdir'),
      environment: readEnvironment(texts('env')),
    };
    const api = await connect();
    if (flag('tty')) return (await import('./open-shell.ts')).openShell(api, out, request);
    const { ticket } = await api.mutate('console', 'exec', request).catch(async (error) => {
      throw await withNearestGuest(api, guest, error);
    });
    const { openSocket } = await import('./open-socket.ts');
    const { runExec } = await import('./run-exec.ts');
    const { exitStatusOf } = await import('./exit-status.ts');
    const socket = await openSocket(api.socketPath, `/api/exec?ticket=${ticket}`);
    return exitStatusOf(await runExec(socket, process));
  },
};
