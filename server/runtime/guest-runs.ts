import { join } from 'node:path';
import { clearGuest, clearRun, type EndedRun, keepConsole } from '../../native/lib/ended-run.ts';
import { removeTree } from '../../native/lib/remove-tree.ts';
import { startSupervisor } from '../../native/lib/spawn-reporting.ts';
import { bootId } from '../child/process-identity.ts';
import { AppError } from '../errors/app-error.ts';
import { limitsForKernel } from './apply-limits.ts';
import { type RuntimeContext, removeLeavings } from './context.ts';
import { diskWork } from './disk-work.ts';
import { keptConsolePath } from './ended-console.ts';
import { findDevices } from './find-devices.ts';
import { createGuestDir, namesIn } from './guest-dirs.ts';
import { supervisorGroup } from './guest-paths.ts';
import { inKernel, kernelError } from './kernel-error.ts';
import { nameMissingFeature } from './name-missing-feature.ts';
import { tellNetworkClass } from './network-class.ts';
import type {
  ExitListener,
  ExitRecord,
  GuestKernelEvent,
  GuestRunsPort,
  GuestSpec,
  RunningGuest,
  StartStep,
} from './port.ts';
import { type GuestNetwork, readExitFile } from './run-folder.ts';
import { staleFiles, writeSeccomp } from './seccomp-filter.ts';
import { wireSpec } from './wire-spec.ts';

/** Guests from their start to their end, and what they leave. */
export function guestRuns(context: RuntimeContext): GuestRunsPort {
  const { instance, kernel, nativeDir, onFault, running, events, paths } = context;
  return {
    async startGuest(spec: GuestSpec, onStep?: (step: StartStep) => void): Promise<RunningGuest> {
      const limits = await limitsForKernel(spec.limits);
      const devices = await findDevices(spec.isolation.devices);
      const text = wireSpec({ ...spec, limits }, { instance, nativeDir, devices })
        .map(([key, value]) => `${key}=${value}\0`)
        .join('');
      await writeSeccomp(spec, { nativeDir, guestDir: spec.guestDir });
      const startedAt = new Date().toISOString();
      if (spec.network) await setPriority(context, spec.network, limits.networkPriority);
      const { pid, startTime, holderPid, steps, warnings } = await inKernel(
        `cannot start guest ${spec.hostname}`,
        () =>
          startSupervisor({
            program: join(nativeDir, 'supervisor'),
            group: supervisorGroup(instance),
            spec: Buffer.from(text),
            folder: join(instance.runDir, 'guests'),
            forget: [keptConsolePath(spec.guestDir), ...staleFiles(spec, spec.guestDir)],
          }),
      ).catch(async (error: unknown) => {
        throw await nameMissingFeature(error, () =>
          inKernel('cannot find out about the host', () => kernel.describeHost()),
        );
      });
      if (spec.network && limits.networkPriority !== null) {
        await tellClass(context, paths(spec.id).cgroup, limits.networkPriority, (error) =>
          onFault(spec.id, error),
        );
      }
      for (const step of steps) onStep?.(step);
      for (const warning of warnings) {
        onFault(spec.id, kernelError(warning, `guest ${spec.hostname} runs, but`));
      }
      const guest: RunningGuest = {
        id: spec.id,
        initPid: pid,
        initStartTime: startTime,
        bootId: bootId(),
        supervisorPid: holderPid,
        frozen: false,
        memoryFull: false,
        startedAt,
      };
      running.add(guest, spec.network?.link ?? null);
      return { ...guest };
    },

    async stopGuest(id: string, options: { timeoutMs: number; force: boolean }): Promise<ExitRecord> {
      const { runDir } = paths(id);
      if (running.has(id)) {
        const exit = await running.stop(id, options);
        await forgetRun({ group: null, runDir, guestDir: paths(id).guestDir });
        return exit;
      }
      const left = await readExitFile(runDir, id);
      await clean(context, id);
      const at = new Date().toISOString();
      return left ?? { id, status: null, signal: 'SIGKILL', outOfMemory: false, at };
    },

    async freezeGuest(id: string): Promise<void> {
      await freeze(context, id, true);
    },

    async unfreezeGuest(id: string): Promise<void> {
      await freeze(context, id, false);
    },

    async isFrozen(id: string): Promise<{ frozen: boolean; memoryFull: boolean }> {
      if (!running.has(id)) return { frozen: false, memoryFull: false };
      const { memoryFull } = running.get(id);
      const frozen = await inKernel('cannot see whether the guest is frozen', () =>
        kernel.isFrozen(paths(id).cgroup),
      );
      return { frozen: frozen || memoryFull, memoryFull };
    },

    async decideMemory(id: string, order: 'go-on' | 'kill'): Promise<void> {
      await running.orderMemory(id, order);
    },

    onGuestEvent(listener: (event: GuestKernelEvent) => void): void {
      events.on(listener);
    },

    async listRunning(): Promise<RunningGuest[]> {
      const ids = await namesIn(join(instance.runDir, 'guests'));
      await inKernel('cannot take back guests', () => running.adoptAll(ids));
      return running.list();
    },

    async readExit(id: string): Promise<ExitRecord | null> {
      return running.ungrouped.of(id) ?? readExitFile(paths(id).runDir, id);
    },

    onGuestExit(listener: ExitListener): void {
      running.onExit(listener);
    },

    cleanGuest: (id: string) => clean(context, id),

    removeGuest: (id: string) => remove(context, id),

    async listRemnants(): Promise<string[]> {
      const groups = await inKernel('cannot list control groups', () =>
        kernel.groupsIn(`${instance.cgroup}/guests`),
      );
      const ids = new Set([
        ...(await namesIn(join(instance.runDir, 'guests'))),
        ...(await namesIn(join(instance.dataDir, 'guests'))),
        ...groups,
      ]);
      return [...ids];
    },

    createGuestDir(id: string): Promise<string> {
      return diskWork("cannot make the guest's folder", () => createGuestDir(paths(id).guestDir));
    },

    removeGuestDir(id: string): Promise<void> {
      return inKernel("cannot remove the guest's folder", () => removeTree(paths(id).guestDir));
    },
  };
}

/** Where it left something. Throws `illegal_state` while it runs. */
function endedRun({ running, paths }: RuntimeContext, id: string): EndedRun {
  if (running.has(id)) {
    throw new AppError('illegal_state', `guest ${id} runs: stop it before it is cleaned up after`);
  }
  const { runDir, guestDir, cgroup } = paths(id);
  return { group: cgroup, runDir, guestDir };
}

async function remove(context: RuntimeContext, id: string): Promise<void> {
  const run = endedRun(context, id);
  context.running.ungrouped.forget(id);
  if (await inKernel(`cannot remove guest ${id}`, () => clearGuest(run))) return;
  await clean(context, id);
  await inKernel("cannot remove the guest's folder", () => removeTree(run.guestDir));
}

async function clean(context: RuntimeContext, id: string): Promise<void> {
  const run = endedRun(context, id);
  context.running.ungrouped.forget(id);
  if (await inKernel(`cannot clean up after guest ${id}`, () => clearRun(run))) return;
  await removeLeavings(context, id);
  await forgetRun(run);
}

/** Its folder, once nothing of the run is in the kernel any more. */
async function forgetRun(run: EndedRun): Promise<void> {
  await inKernel("cannot remove the folder of the guest's run", async () => {
    if (await clearRun(run)) return;
    // What was printed is not worth a failed stop.
    await keepConsole(run.runDir, run.guestDir).catch(() => undefined);
    await removeTree(run.runDir);
  });
}

async function freeze(context: RuntimeContext, id: string, frozen: boolean): Promise<void> {
  const { kernel, running, paths } = context;
  const guest = running.get(id);
  const what = frozen ? 'cannot freeze the guest' : 'cannot unfreeze the guest';
  await inKernel(what, () => kernel.freeze(paths(id).cgroup, frozen));
  guest.frozen = frozen;
}

function setPriority(
  { priorities }: RuntimeContext,
  network: GuestNetwork,
  priority: number | null,
): Promise<void> {
  return inKernel("cannot set the priority of the guest's network", () => priorities.set(network, priority));
}

/** The guest runs with its priority in any case: what the host's own rules are told besides is worth a warning. */
async function tellClass(
  { kernel }: RuntimeContext,
  group: string,
  priority: number,
  onFault: (error: unknown) => void,
): Promise<void> {
  await inKernel("cannot tell the class of the guest's packets", async () =>
    tellNetworkClass(await kernel.hierarchies(), group, priority),
  ).catch(onFault);
}
