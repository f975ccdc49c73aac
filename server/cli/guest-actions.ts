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
  usage: 'GUEST... [--force] [--now]',
  about: [
    'They go into the trash, from where berth trash restore brings them back for a time (berth trash days); with --now their',
    'files are gone for good. A guest that runs is deleted only with --force.',
  ].join('\n'),
  options: {
    force: { type: 'boolean', short: 'f', help: 'stop it first when it runs' },
    now: { type: 'boolean', help: 'delete it for good, past the trash' },
  },
  names: NAMES,
  run: async (invocation) => {
    const { flag, json, out } = invocation;
    const force = flag('force') || undefined;
    const untils: string[] = [];
    const status = await forEachGuest(invocation, 'is deleted', async (api, guest) => {
      const begun = flag('now')
        ? { ...(await api.mutate('guest', 'delete', { guest, force })), until: null }
        : await api.mutate('guest', 'trash', { guest, force, orDelete: true });
      requireDone(await followOperation(api, begun.operation, { out, silent: isQuiet(invocation) }));
      if (begun.until !== null) untils.push(begun.until);
      return null;
    });
    const until = untils.toSorted()[0];
    if (until !== undefined && !json)
      out.note(`in the trash until ${until.slice(0, 10)}: berth trash restore brings back`);
    return status;
  },
};
