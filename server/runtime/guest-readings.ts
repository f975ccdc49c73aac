import type { GuestLimits } from '../guest/limits-schema.ts';
import { readLimits } from './apply-limits.ts';
import { readCgroupFile } from './cgroup-file.ts';
import type { RuntimeContext } from './context.ts';
import { processesIn, readGuestGroups } from './guest-groups.ts';
import { guestGroup } from './guest-paths.ts';
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
export function guestReadings({
  instance,
  kernel,
  nativeDir,
  running,
  paths,
}: RuntimeContext): GuestReadingsPort {
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
      const asked = ids.map((id) => ({ group: guestGroup(instance, id), link: running.linkOf(id) }));
      const usage = await inKernel('cannot read the usage of guests', () => kernel.readUsage(asked));
      const found = new Map<string, RawUsage>();
      for (const [at, id] of ids.entries()) {
        const one = usage[at];
        if (one) found.set(id, one);
      }
      return found;
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
