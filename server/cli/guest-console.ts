import { attach } from './attach.ts';
import type { CommandSpec } from './command.ts';
import { misused } from './fail.ts';
import { withNearestGuest } from './find-guest.ts';
import { isTerminal } from './run-terminal.ts';

export const guestConsole: CommandSpec = {
  usage: 'GUEST [--no-replay]',
  about:
    'What its init prints and reads, with what was printed before. Ctrl-] detaches; the guest notices nothing.',
  options: { 'no-replay': { type: 'boolean', help: 'only what comes from now on' } },
  names: { min: 1, max: 1, what: 'the name of a guest' },
  async run({ api: connect, flag, names, out }) {
    const guest = names[0] ?? '';
    if (!isTerminal()) throw misused('a console needs a terminal');
    const api = await connect();
    const ticket = await api.mutate('console', 'ticket', { guest }).catch(async (error) => {
      throw await withNearestGuest(api, guest, error);
    });
    await attach(api, ticket, {
      out,
      guest,
      from: flag('no-replay') ? 'tail' : 0,
      detached: 'detached',
      hint: true,
    });
    return 0;
  },
};
