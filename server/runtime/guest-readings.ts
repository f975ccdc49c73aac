import type { GuestLimits } from '../guest/limits-schema.ts';
import { readLimits } from './apply-limits.ts';
import { readCgroupFile } from './cgroup-file.ts';
import type { RuntimeContext } from './context.ts';
import { processesIn, readGuestGroups } from './guest-groups.ts';
import { inKernel } from './kernel-error.ts';
import type {
  GuestGroups,
  GuestReadingsPort,
  GuestSpec,
  RawEffects,
  RawUsage,
  SeccompLearned,
} from './port.ts';
import { readLearned } from './seccomp-learned.ts';

/** What guests use, what their limits did to them, and what is in them. */
export function guestReadings({ kernel, nativeDir, running, paths }: RuntimeContext): GuestReadingsPort {
  return {
    readLearned(id: string, kind: GuestSpec['kind']): Promise<SeccompLearned> {
      return readLearned(kind, { nativeDir: nativeDir, guestDir: paths(id).guestDir });
    },

    async readEffects(id: string): Promise<RawEffects> {
      running.get(id);
      return inKernel('cannot read what limits did', () => kernel.readEffects(paths(id).cgroup));
    },

    async readLimits(id: string, wanted: GuestLimits): Promise<GuestLimits> {
      running.get(id);
      return inKernel('cannot read the limits of the guest', () =>
        readLimits(kernel, paths(id).cgroup, wanted),
      );
    },

    async readUsage(ids: readonly string[]): Promise<Map<string, RawUsage>> {
      const asked = ids.map((id) => ({ group: paths(id).cgroup, link: running.linkOf(id) }));
      const usage = await inKernel('cannot read the usage of guests', () => kernel.readUsage(asked));
      return new Map(
        ids.flatMap((id, at) => {
          const one = usage[at];
          return one ? [[id, one] as const] : [];
        }),
      );
    },

    async readCgroupFile(id: string, file: string): Promise<string> {
      running.get(id);
      return readCgroupFile(await kernel.hierarchies(), paths(id).cgroup, file);
    },

    listProcesses(id: string, most: number): Promise<number[]> {
      running.get(id);
      return inKernel('cannot list the processes of the guest', () =>
        processesIn(kernel, paths(id).cgroup, most),
      );
    },

    readGroups(id: string): Promise<GuestGroups> {
      running.get(id);
      return inKernel('cannot read the control groups of the guest', () =>
        readGuestGroups(kernel, paths(id).cgroup),
      );
    },
  };
}
