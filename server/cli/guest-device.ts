import type { GuestDevice } from '../guest/isolation-schema.ts';
import type { CommandSpec, Invocation } from './command.ts';
import { misused } from './fail.ts';
import { findGuest } from './find-guest.ts';
import { formatTable } from './table.ts';

const VERBS = ['ls', 'add', 'rm'] as const;

export const guestDevice: CommandSpec = {
  usage: 'GUEST [add|rm DEVICE] [--target PATH] [--access rwm] [--mode OCTAL] [--owner UID[:GID]]',
  about: [
    'Lists the devices that a guest has beside the usual ones, plugs one in or pulls it out, also while it runs:',
    '  berth guest device web add /dev/net/tun',
    '  berth guest device web rm /dev/net/tun',
  ].join('\n'),
  options: {
    target: { type: 'string', value: 'PATH', help: 'where the guest has it (default: the same path)' },
    access: { type: 'string', value: 'rwm', help: 'read, write, mknod (default: rw)' },
    mode: { type: 'string', value: 'OCTAL', help: 'permissions of the node (default: 660)' },
    owner: { type: 'string', value: 'UID[:GID]', help: 'owner in the guest (default: 0:0)' },
  },
  names: { min: 1, max: 3, what: 'the name of a guest' },
  async run(invocation) {
    const { api: connect, json, names, out } = invocation;
    const [name = '', verb = 'ls', source] = names;
    if (!VERBS.some((one) => one === verb)) {
      throw misused(`${JSON.stringify(verb)} is nothing to do with a device: give ${VERBS.join(', ')}`);
    }
    if (verb !== 'ls' && source === undefined)
      throw misused(`${verb} which device? give a path such as /dev/net/tun`);
    const api = await connect();
    const guest = await findGuest(api, name);
    let devices = guest.isolation.devices;
    if (verb !== 'ls' && source !== undefined) {
      devices =
        verb === 'add' ? added(devices, deviceOf(invocation, source)) : removed(guest.name, devices, source);
      await api.mutate('guest', 'configure', { guest: guest.id, isolation: { devices } });
    }
    if (json) out.json(devices);
    else if (verb === 'add') out.line(`${guest.name} has ${source}`);
    else if (verb === 'rm') out.line(`${guest.name} has no ${source} any more`);
    else if (devices.length === 0) out.note(`${guest.name} has no devices beside the usual ones`);
    else out.line(tableOf(devices));
    return 0;
  },
};

/** A device of the same place is replaced. */
function added(devices: readonly GuestDevice[], device: GuestDevice): GuestDevice[] {
  return [...devices.filter((one) => placeOf(one) !== placeOf(device)), device];
}

function removed(guest: string, devices: readonly GuestDevice[], path: string): GuestDevice[] {
  const left = devices.filter((one) => one.source !== path && placeOf(one) !== path);
  if (left.length < devices.length) return left;
  const has = devices.length === 0 ? 'none' : devices.map(placeOf).join(', ');
  throw misused(`guest ${guest} has no device ${path}: it has ${has}`);
}

const placeOf = ({ source, target }: GuestDevice) => target ?? source;

function deviceOf({ text }: Pick<Invocation, 'text'>, source: string): GuestDevice {
  const mode = text('mode') ?? '660';
  if (!/^0?[0-7]{3}$/.test(mode))
    throw misused(`--mode is ${JSON.stringify(mode)}: give three octal digits, such as 660`);
  const owner = /^(\d+)(?::(\d+))?$/.exec(text('owner') ?? '0:0');
  if (!owner) throw misused(`--owner is ${JSON.stringify(text('owner'))}: give UID or UID:GID`);
  const uid = Number(owner[1]);
  return {
    source,
    target: text('target') ?? null,
    access: text('access') ?? 'rw',
    mode: Number.parseInt(mode, 8),
    uid,
    gid: owner[2] === undefined ? uid : Number(owner[2]),
  };
}

function tableOf(devices: readonly GuestDevice[]): string {
  const columns = [
    { title: 'HOST' },
    { title: 'GUEST' },
    { title: 'ACCESS' },
    { title: 'MODE' },
    { title: 'OWNER' },
  ];
  const rows = devices.map((one) => [
    one.source,
    placeOf(one),
    one.access,
    one.mode.toString(8),
    `${one.uid}:${one.gid}`,
  ]);
  return formatTable(columns, rows);
}
