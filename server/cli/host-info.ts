import type { HostView } from '../host/schema.ts';
import type { CommandSpec } from './command.ts';
import type { Paint } from './paint.ts';
import { formatPairs } from './table.ts';
import { formatBytes } from './units.ts';

export const hostInfo: CommandSpec = {
  usage: '',
  names: { min: 0, max: 0, what: '' },
  async run({ api, json, out }) {
    const host = await (await api()).query('host', 'info');
    if (json) out.json(host);
    else out.line(hostText(host, out.paint));
    return 0;
  },
};

function hostText(host: HostView, paint: Paint): string {
  const controllers = Object.entries(host.cgroup.controllers).map(
    ([name, version]) => `${name} ${version ?? 'missing'}`,
  );
  const hours = Math.floor(host.uptimeSeconds / 3600);
  const text = formatPairs([
    ['host', host.hostname],
    ['system', `${host.distribution}, Linux ${host.kernel}, ${host.architecture}`],
    [
      'up',
      `${Math.floor(hours / 24)} days ${hours % 24} hours, load ${host.load.map((load) => load.toFixed(2)).join(' ')}`,
    ],
    ['cpus', String(host.cpus)],
    ['memory', `${formatBytes(host.memoryAvailable)} of ${formatBytes(host.memory)} free`],
    ['swap', formatBytes(host.swap)],
    [
      'storage',
      `${formatBytes(host.storage.free)} of ${formatBytes(host.storage.size)} free at ${host.storage.path}`,
    ],
    ['cgroup', `${host.cgroup.layout}: ${controllers.join(', ')}`],
    [
      'network',
      `${host.network.bridge}, ${host.network.ipv4}, ${host.network.ipv6}${host.network.dns ? '' : ', no DNS'}`,
    ],
    ['berth', host.version],
  ]);
  const features = host.features.map(({ name, available, reason }): [string, string] => [
    `  ${name}`,
    available ? paint('green', 'yes') : `${paint('red', 'no')}${reason ? `: ${reason}` : ''}`,
  ]);
  return features.length === 0 ? text : `${text}\nfeatures\n${formatPairs(features)}`;
}
