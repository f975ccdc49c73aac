import { execFileSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { native } from '../../native/lib/addon.ts';
import { IDS_PER_GUEST, type Instance } from '../../server/instance/instance.ts';
import { addressesOf, gatewayOf } from '../../server/network/leases.ts';
import { leaseOf } from './native-rig.ts';
import { runProgram } from './run-program.ts';

/** Micros of one life; `total` is all of it, the rest its phases (floor.c). */
export type FloorTimes = { total: number } & Record<string, number>;

/** Its address and its id range: nobody else's. */
const NUMBER = 2000;

/** Compile floor.c; what it returns lives one life in the instance: below its groups, which are there, on its bridge. */
export async function prepareFloor(options: {
  dir: string;
  root: string;
  instance: Instance;
}): Promise<() => Promise<FloorTimes>> {
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
  return async () => JSON.parse(await runProgram(command));
}
