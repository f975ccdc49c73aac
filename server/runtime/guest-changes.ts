import { join } from 'node:path';
import type { BindMount, GuestDevice } from '../guest/isolation-schema.ts';
import type { GuestLimits } from '../guest/schema.ts';
import { applyLimits, limitsForKernel } from './apply-limits.ts';
import { writeCgroupFile } from './cgroup-file.ts';
import type { RuntimeContext } from './context.ts';
import { findDevices } from './find-devices.ts';
import { inKernel, kernelError } from './kernel-error.ts';
import { assertLimitsSupported } from './limit-support.ts';
import { changeGuest, mountedValues, type PlugVerb, pluggedValues, renewLxcfs } from './plug.ts';
import type { GuestChangesPort, SeccompSubject } from './port.ts';
import { readNetwork } from './run-folder.ts';
import { compileSeccomp } from './seccomp-filter.ts';
import { signalGuestProcess } from './signal-guest-process.ts';
import { deviceValue, mountValue } from './wire-mounts.ts';

const CHANGES: Readonly<Record<PlugVerb, string>> = {
  plug: 'cannot plug in the device',
  unplug: 'cannot unplug the device',
  mount: 'cannot mount',
  unmount: 'cannot unmount',
};

/** What changes in guests while they run. */
export function guestChanges(context: RuntimeContext): GuestChangesPort {
  const { instance, kernel, nativeDir, onFault, running, priorities, watch, paths } = context;
  /** Of a guest that runs. */
  const runDirOf = (id: string) => paths(running.get(id).id).runDir;
  const change = async (id: string, verb: PlugVerb, value: string): Promise<void> => {
    const runDir = runDirOf(id);
    await inKernel(CHANGES[verb], () => changeGuest(join(nativeDir, 'enter'), { verb, runDir, value }));
  };
  return {
    async checkLimits(limits: GuestLimits): Promise<void> {
      const hierarchies = await inKernel('cannot find the control groups', () => kernel.hierarchies());
      assertLimitsSupported(hierarchies, `${instance.cgroup}/guests`, limits);
      await limitsForKernel(limits);
    },

    async setLimits(id: string, limits: GuestLimits): Promise<GuestLimits> {
      running.get(id);
      const { cgroup, runDir } = paths(id);
      const tools = { kernel: kernel, priorities: priorities };
      const read = await inKernel('cannot change the limits', async () =>
        applyLimits(tools, { cgroup, network: await readNetwork(runDir) }, limits),
      );
      watch.changed(id);
      await running.orderMemory(id, limits.outOfMemory);
      return read;
    },

    async checkSeccomp(guest: SeccompSubject): Promise<string[]> {
      const compiled = await compileSeccomp(guest, nativeDir);
      return compiled?.warnings ?? [];
    },

    async plugDevice(id: string, device: GuestDevice): Promise<void> {
      for (const found of await findDevices([device])) await change(id, 'plug', deviceValue(found));
    },

    async unplugDevice(id: string, device: GuestDevice): Promise<void> {
      // The host may have lost the node since: what the guest has is in its spec.
      for (const value of await pluggedValues(runDirOf(id), device)) await change(id, 'unplug', value);
    },

    async renewLxcfs(): Promise<void> {
      const program = join(nativeDir, 'enter');
      for (const { id } of running.list()) {
        await renewLxcfs(program, paths(id).runDir).catch((error: unknown) => {
          onFault(id, kernelError(error, 'lxcfs cannot be mounted again'));
        });
      }
    },

    async addMount(id: string, mount: BindMount): Promise<void> {
      await change(id, 'mount', mountValue(mount));
    },

    async removeMount(id: string, mount: BindMount): Promise<void> {
      // By what the guest has there: the source may be gone since.
      for (const value of await mountedValues(runDirOf(id), mount)) {
        await change(id, 'unmount', value);
      }
    },

    async writeCgroupFile(id: string, file: string, value: string): Promise<void> {
      running.get(id);
      await writeCgroupFile(await kernel.hierarchies(), paths(id).cgroup, file, value);
    },

    async signalProcess(id: string, pid: number, signal: NodeJS.Signals): Promise<void> {
      running.get(id);
      await signalGuestProcess(kernel, paths(id).cgroup, { pid, signal });
    },
  };
}
