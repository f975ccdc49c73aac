import { join } from 'node:path';
import type { Instance } from '../instance/instance.ts';

/** Where everything of one guest is on the host. */
export interface GuestPaths {
  /** Gone with a reboot: spec, state, socket, console, exit. */
  runDir: string;
  /** Kept: upper and work of its overlay. */
  guestDir: string;
  /** Below each hierarchy's mount. */
  cgroup: string;
}

type Place = Pick<Instance, 'runDir' | 'dataDir' | 'cgroup'>;

/** All of it follows from instance and id, so that the leavings of a guest are found without its row. Pure. */
export function guestPaths(instance: Place, id: string): GuestPaths {
  return {
    runDir: join(instance.runDir, 'guests', id),
    guestDir: join(instance.dataDir, 'guests', id),
    cgroup: guestGroup(instance, id),
  };
}

/** A guest's control group, below each hierarchy's mount. Pure. */
export function guestGroup({ cgroup }: Pick<Instance, 'cgroup'>, id: string): string {
  return `${cgroup}/guests/${id}`;
}

/** Where all supervisors of an instance are, below each hierarchy's mount. Pure. */
export function supervisorGroup({ cgroup }: Pick<Instance, 'cgroup'>): string {
  return `${cgroup}/supervisors`;
}
