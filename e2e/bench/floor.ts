import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { native } from '../../native/lib/addon.ts';
import walls from '../../native/protocol/walls.json' with { type: 'json' };
import { IDS_PER_GUEST, type Instance } from '../../server/instance/instance.ts';
import { addressesOf, gatewayOf } from '../../server/network/leases.ts';
import { leaseOf } from './native-rig.ts';
import { runProgram } from './run-program.ts';

/** Micros of one life; `total` is all of it, the rest its phases (floor.c). */
export type FloorTimes = { total: number } & Record<string, number>;

const NATIVE = path.resolve(import.meta.dirname, '../../native/build/Release');
/** Its address and its id range: nobody else's. */
const NUMBER = 2000;

interface Floor {
  /** Lives one life in the instance: below its groups, which are there, on its bridge. */
  bare: () => Promise<FloorTimes>;
  /** The same behind the walls of an application guest, with what else Berth gives (floor-walls.h). */
  walled: () => Promise<FloorTimes>;
}

/** Compile floor.c. */
export async function prepareFloor(options: {
  dir: string;
  root: string;
  instance: Instance;
}): Promise<Floor> {
  const { dir, root, instance } = options;
  const program = path.join(dir, 'floor');
  const source = path.join(import.meta.dirname, 'floor.c');
  execFileSync('cc', ['-O2', '-o', program, source], { stdio: ['ignore', 'ignore', 'pipe'] });
  const folder = path.join(dir, 'floor-guests');
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const hierarchies = await native((addon) => addon.describeLayout());
  const command = [
    program,
    '1',
    root,
    folder,
    instance.bridge,
    instance.linkPrefix,
    addressesOf(instance, leaseOf(NUMBER)).ipv4,
    gatewayOf(instance).ipv4,
    String(instance.idBase + NUMBER * IDS_PER_GUEST),
    `${instance.cgroup}/guests`,
    ...hierarchies.map(({ mount }) => mount),
  ];
  const { ipv6 } = addressesOf(instance, leaseOf(NUMBER));
  const { capabilities, seccomp } = walls.application;
  const environment = {
    FLOOR_FILTER: path.join(NATIVE, 'seccomp', seccomp),
    FLOOR_CAPABILITIES: capabilities,
    FLOOR_MASKS: walls.mask.join(':'),
    FLOOR_READ_ONLY: walls.readOnly.join(':'),
    FLOOR_IPV6: ipv6,
    FLOOR_GATEWAY6: gatewayOf(instance).ipv6,
  };
  return {
    bare: async () => JSON.parse(await runProgram(command)),
    walled: async () => JSON.parse(await runProgram(command, { environment })),
  };
}
