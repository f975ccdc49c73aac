import type { GuestView } from '../guest/schema.ts';
import type { OperationView } from '../operation/schema.ts';
import type { Api } from './api.ts';
import { forEachGuest } from './bulk.ts';
import type { CommandSpec, Invocation, OptionSpec } from './command.ts';
import { followOperation, requireDone } from './follow-operation.ts';
import { parseDuration } from './units.ts';

const NAMES = { min: 1, max: Number.POSITIVE_INFINITY, what: 'the name of a guest, or several' };
const STOP_OPTIONS: Readonly<Record<string, OptionSpec>> = {
  force: { type: 'boolean', short: 'f', help: 'kill at once instead of asking init' },
  timeout: {
    type: 'string',
    short: 't',
    value: 'TIME',
    help: 'how long init has before it is killed: 30s, 500ms',
  },
};

/** Steps can only be drawn for one at a time. */
function isQuiet({ json, names }: Invocation): boolean {
  return json || names.length > 1;
}

async function finish(
  invocation: Invocation,
  api: Api,
  started: { guest: GuestView; operation: OperationView },
): Promise<GuestView> {
  const { out } = invocation;
  requireDone(await followOperation(api, started.operation, { out, silent: isQuiet(invocation) }));
  return api.query('guest', 'get', { guest: started.guest.id });
}

function simple(procedure: 'start' | 'freeze' | 'unfreeze', done: string): CommandSpec {
  return {
    usage: 'GUEST...',
    names: NAMES,
    run: (invocation) =>
      forEachGuest(invocation, done, async (api, guest) =>
        finish(invocation, api, await api.mutate('guest', procedure, { guest })),
      ),
  };
}

function stopping(procedure: 'stop' | 'restart', done: string): CommandSpec {
  return {
    usage: 'GUEST... [--force] [--timeout TIME]',
    options: STOP_OPTIONS,
    names: NAMES,
    run: (invocation) => {
      const timeout = invocation.text('timeout');
      const force = invocation.flag('force') || undefined;
      const timeoutMs = timeout === undefined ? undefined : parseDuration(timeout, '--timeout');
      return forEachGuest(invocation, done, async (api, guest) =>
        finish(invocation, api, await api.mutate('guest', procedure, { guest, force, timeoutMs })),
      );
    },
  };
}

export const guestStart = simple('start', 'runs');
export const guestFreeze = simple('freeze', 'is frozen');
export const guestUnfreeze = simple('unfreeze', 'runs');
export const guestStop = stopping('stop', 'is stopped');
export const guestRestart = stopping('restart', 'runs again');

export const guestRm: CommandSpec = {
  usage: 'GUEST... [--force]',
  about: 'Its files are gone for good. A guest that runs is deleted only with --force.',
  options: { force: { type: 'boolean', short: 'f', help: 'stop it first when it runs' } },
  names: NAMES,
  run: (invocation) =>
    forEachGuest(invocation, 'is deleted', async (api, guest) => {
      const { operation } = await api.mutate('guest', 'delete', {
        guest,
        force: invocation.flag('force') || undefined,
      });
      requireDone(
        await followOperation(api, operation, { out: invocation.out, silent: isQuiet(invocation) }),
      );
      return null;
    }),
};
