import type { IsolationView } from '../isolation/schema.ts';
import { harmless } from './clean-text.ts';
import type { CommandSpec } from './command.ts';
import { withNearestGuest } from './find-guest.ts';
import type { Paint } from './paint.ts';
import { formatPairs } from './table.ts';

export const guestIsolation: CommandSpec = {
  usage: 'GUEST',
  about:
    'What differs from the default first; --json has all, with mounts, devices and the tree of its cgroup.',
  names: { min: 1, max: 1, what: 'the name of a guest' },
  async run({ api: connect, json, names, out }) {
    const guest = names[0] ?? '';
    const api = await connect();
    const view = await api.query('isolation', 'view', { guest }).catch(async (error) => {
      throw await withNearestGuest(api, guest, error);
    });
    if (json) out.json(view);
    else out.line(isolationText(view, out.paint));
    return 0;
  },
};

function isolationText({ differences, live }: IsolationView, paint: Paint): string {
  const lines = differences.map(({ setting, effect, message }): [string, string] => [
    effect === 'weaker' ? paint('yellow', effect) : effect,
    `${harmless(message)} (${setting})`,
  ]);
  const text = lines.length === 0 ? 'nothing differs from the default' : formatPairs(lines);
  return live ? `${text}\n\n${liveText(live)}` : `${text}\n\nit does not run: the kernel has nothing to tell`;
}

function liveText(live: NonNullable<IsolationView['live']>): string {
  const ranges = (map: (typeof live)['uidMap']) =>
    map.map(({ inside, outside, count }) => `${inside} to ${outside}, ${count} ids`).join('; ');
  return formatPairs([
    ['init', `pid ${live.initPid}`],
    ...live.namespaces.map(({ type, inode, shared, guests }): [string, string] => [
      `${type} namespace`,
      `${inode} ${shared === 'own' ? 'its own' : shared === 'host' ? "the host's" : `with ${guests.join(', ')}`}`,
    ]),
    ['users', ranges(live.uidMap)],
    ['groups', ranges(live.gidMap)],
    ['capabilities', live.capabilities.effective.join(' ') || 'none'],
    [
      'seccomp',
      `${live.seccomp.mode}${live.seccomp.filters > 1 ? ` ×${live.seccomp.filters}` : ''}, ${live.seccomp.profile}`,
    ],
    ['no_new_privs', live.noNewPrivs ? 'set' : 'not set'],
    ['label', live.label ?? 'none'],
    ['mounts', String(live.mounts.length)],
    ['devices', live.devices.map(({ name, numbers }) => name ?? numbers).join(' ')],
  ]);
}
