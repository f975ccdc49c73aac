import type { CommandSpec } from './command.ts';
import { misused } from './fail.ts';
import { withNearestGuest } from './find-guest.ts';
import { LIMIT_OPTIONS, readLimits } from './limit-options.ts';
import { readSettings, SETTINGS_OPTION } from './read-settings.ts';
import { formatBytes, parseDuration } from './units.ts';

export const guestSet: CommandSpec = {
  usage: 'GUEST [LIMITS] [--settings JSON] [--stop-timeout TIME] [-- COMMAND...]',
  about: 'Limits of a running guest change at once; its command counts from the next start.',
  options: {
    ...LIMIT_OPTIONS,
    ...SETTINGS_OPTION,
    'stop-timeout': { type: 'string', value: 'TIME', help: 'how long init has to stop: 30s, 500ms' },
  },
  names: { min: 1, max: 1, what: 'the name of a guest' },
  rest: 'the command of the guest',
  async run(invocation) {
    const { api: connect, json, names, out, rest, text } = invocation;
    const guest = names[0] ?? '';
    const settings = readSettings(text('settings'));
    const typed = readLimits(invocation);
    const limits = typed || settings?.limits ? { ...settings?.limits, ...typed } : undefined;
    const stop = text('stop-timeout');
    const stopTimeoutMs = stop === undefined ? undefined : parseDuration(stop, '--stop-timeout');
    if (!limits && !settings && stopTimeoutMs === undefined && rest === null) {
      throw misused(
        'nothing to set: give --cpu, --memory, --swap, --pids, --settings, --stop-timeout or -- COMMAND',
      );
    }
    const api = await connect();
    const input = { guest, ...settings, limits, stopTimeoutMs, command: rest ?? undefined };
    const changed = await api.mutate('guest', 'configure', input).catch(async (error) => {
      throw await withNearestGuest(api, guest, error);
    });
    const view = await api.query('guest', 'get', { guest: changed.guest.id });
    if (json) out.json({ ...view, readBack: changed.readBack });
    else {
      const { cpu, memory, swap, pids } = changed.readBack ?? view.limits;
      const source = changed.readBack ? 'the kernel has' : 'from the next start';
      out.line(
        `${view.name}: ${source} ${cpu} cores, ${formatBytes(memory)} memory, ${formatBytes(swap)} swap, ${pids} pids`,
      );
    }
    return 0;
  },
};
