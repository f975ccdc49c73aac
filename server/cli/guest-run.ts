import type { GuestView } from '../guest/schema.ts';
import type { Api } from './api.ts';
import type { CommandSpec, Invocation } from './command.ts';
import { exitStatusOf } from './exit-status.ts';
import { misused } from './fail.ts';
import { followOperation, requireDone } from './follow-operation.ts';
import { CREATE_OPTIONS, readCreateInput, withPreset } from './guest-create.ts';
import { openSocket } from './open-socket.ts';
import { printTerminal } from './print-terminal.ts';
import { DETACH_HINT, isTerminal, runTerminal } from './run-terminal.ts';
import { tellFrozen } from './tell-frozen.ts';

export const guestRun: CommandSpec = {
  usage: '[NAME] [--image IMAGE] [OPTIONS] [--detach] [--keep] [-- COMMAND...]',
  about: [
    'Makes a guest, starts it, attaches to its console and removes it when it has ended, with its exit status. An',
    'application guest unless --kind says otherwise. On a terminal Ctrl-] detaches, and the guest stays. Elsewhere its',
    'console is printed: stdin is not read.',
  ].join('\n'),
  options: {
    ...CREATE_OPTIONS,
    detach: { type: 'boolean', short: 'd', help: 'do not attach; the guest stays' },
    keep: { type: 'boolean', help: 'leave the guest when it has ended' },
  },
  names: { min: 0, max: 1, what: '' },
  rest: 'the command of the guest',
  async run(invocation) {
    const { api: connect, flag, json, out } = invocation;
    if (json && !flag('detach'))
      throw misused('run prints what the guest prints: --json goes with --detach only');
    const input = readCreateInput(invocation);
    const api = await connect();
    const limits = await withPreset(api, invocation, input.limits);
    const wish = { kind: 'application' as const, ...input, limits, start: true };
    const made = await api.mutate('guest', 'create', wish);
    requireDone(await followOperation(api, made.operation, { out, silent: json }));
    const guest = await api.query('guest', 'get', { guest: made.guest.id });
    if (flag('detach')) {
      if (json) out.json(guest);
      else out.line(guest.name);
      return 0;
    }
    return attachAndRemove(invocation, api, guest).catch((error) => {
      out.note(`guest ${guest.name} is still there: berth guest rm --force ${guest.name}`);
      throw error;
    });
  },
};

async function attachAndRemove({ flag, out }: Invocation, api: Api, guest: GuestView): Promise<number> {
  const { ticket } = await api.mutate('console', 'ticket', { guest: guest.id });
  const socket = await openSocket(api.socketPath, `/api/console?ticket=${ticket}&from=0`);
  if (isTerminal()) out.note(out.paintNote('dim', `${guest.name}: ${DETACH_HINT}`));
  const stop = isTerminal() ? tellFrozen(api, guest.id, out) : () => undefined;
  const end = await (isTerminal() ? runTerminal(socket) : printTerminal(socket)).finally(stop);
  if (end.type === 'detached') {
    out.note(`\ndetached, it runs on: berth guest console ${guest.name}`);
    return 0;
  }
  if (!flag('keep')) {
    await api.query('guest', 'wait', { guest: guest.id, states: ['stopped', 'failed'], timeoutMs: 60_000 });
    const { operation } = await api.mutate('guest', 'delete', { guest: guest.id });
    requireDone(await followOperation(api, operation, { out, silent: true }));
  }
  return exitStatusOf(end.exit);
}
