import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { HolderClient } from '../../native/lib/holder-client.ts';
import { removeTree } from '../../native/lib/remove-tree.ts';
import { spawnReporting } from '../../native/lib/spawn-reporting.ts';
import { bootId } from '../child/process-identity.ts';
import { AppError } from '../errors/app-error.ts';
import type { BindMount, GuestDevice } from '../guest/isolation-schema.ts';
import type { GuestLimits } from '../guest/schema.ts';
import type { Instance } from '../instance/instance.ts';
import { applyLimits, limitsForKernel } from './apply-limits.ts';
import { attachConsole } from './attach-console.ts';
import { readCgroupFile, writeCgroupFile } from './cgroup-file.ts';
import { dropConsole, keepConsole } from './ended-console.ts';
import { execInGuest } from './exec-process.ts';
import { findDevices } from './find-devices.ts';
import { createGuestDir, namesIn } from './guest-dirs.ts';
import { processesIn, readGuestGroups } from './guest-groups.ts';
import { guestPaths } from './guest-paths.ts';
import type { Kernel } from './kernel.ts';
import { inKernel, kernelError } from './kernel-error.ts';
import { assertLimitsSupported } from './limit-support.ts';
import { LimitWatch } from './limit-watch.ts';
import { LinkPriorities } from './link-priorities.ts';
import { nameMissingFeature } from './name-missing-feature.ts';
import { changeGuest, mountedValues, type PlugVerb, pluggedValues, renewLxcfs } from './plug.ts';
import type {
  ExecProcess,
  ExitRecord,
  GuestGroups,
  GuestKernelEvent,
  GuestSpec,
  RawEffects,
  RawUsage,
  RunningGuest,
  RuntimePort,
  SeccompLearned,
  SeccompSubject,
  SessionEnd,
  SessionSpec,
  StartStep,
  TerminalConnection,
} from './port.ts';
import { runPoststop } from './poststop.ts';
import { type GuestNetwork, readExitFile, readLink, readNetwork } from './run-folder.ts';
import { RunningGuests } from './running-guests.ts';
import { compileSeccomp, writeSeccomp } from './seccomp-filter.ts';
import { readLearned } from './seccomp-learned.ts';
import { Sessions } from './sessions.ts';
import { signalGuestProcess } from './signal-guest-process.ts';
import { terminalOf } from './terminal.ts';
import { deviceValue, mountValue } from './wire-mounts.ts';
import { wireSpec } from './wire-spec.ts';

const CHANGES: Readonly<Record<PlugVerb, string>> = {
  plug: 'cannot plug in the device',
  unplug: 'cannot unplug the device',
  mount: 'cannot mount',
  unmount: 'cannot unmount',
};

export interface RuntimeOptions {
  instance: Instance;
  kernel: Kernel;
  /** Where `supervisor`, `enter` and `seccomp/` are. */
  nativeDir: string;
  onFault: (guest: string, error: unknown) => void;
}

/** The runtime port over supervisors, `enter` and the native library. Dispose of it to let everything run on without us. */
export class Runtime implements RuntimePort, AsyncDisposable {
  readonly bootId = bootId();
  readonly #options: RuntimeOptions;
  readonly #running: RunningGuests;
  readonly #sessions: Sessions;
  readonly #priorities: LinkPriorities;
  readonly #eventListeners: ((event: GuestKernelEvent) => void)[] = [];
  /** What guests told before anybody listened. */
  readonly #untold: GuestKernelEvent[] = [];
  readonly #watch: LimitWatch;

  constructor(options: RuntimeOptions) {
    const { instance, kernel, nativeDir, onFault } = options;
    const onEvent = (event: GuestKernelEvent) => this.#tell(event);
    this.#watch = new LimitWatch({ parent: `${instance.cgroup}/guests`, onEvent });
    const runDirOf = (id: string) => guestPaths(instance, id).runDir;
    this.#options = options;
    this.#running = new RunningGuests({
      runDirOf,
      isFrozen: (id) => kernel.isFrozen(guestPaths(instance, id).cgroup),
      clean: (id) => this.#removeLeavings(id),
      onEvent,
      onAdd: (id, how) => this.#watch.add(id, how),
      onRemove: (id) => this.#watch.remove(id),
      onFault,
    });
    this.#priorities = new LinkPriorities(instance, kernel);
    this.#running.onExit(({ id }) => {
      kernel.forgetUsage(guestPaths(instance, id).cgroup).catch((error: unknown) => onFault(id, error));
    });
    const folder = join(instance.runDir, 'sessions');
    this.#sessions = new Sessions({ program: join(nativeDir, 'enter'), folder, runDirOf });
  }

  async startGuest(spec: GuestSpec, onStep?: (step: StartStep) => void): Promise<RunningGuest> {
    const { instance, nativeDir } = this.#options;
    const limits = await limitsForKernel(spec.limits);
    const devices = await findDevices(spec.isolation.devices);
    const text = wireSpec({ ...spec, limits }, { instance, nativeDir, devices })
      .map(([key, value]) => `${key}=${value}\0`)
      .join('');
    await writeSeccomp(spec, { nativeDir, guestDir: spec.guestDir });
    await dropConsole(spec.guestDir);
    const startedAt = new Date().toISOString();
    await mkdir(join(instance.runDir, 'guests'), { recursive: true, mode: 0o700 });
    if (spec.network) await this.#setPriority(spec.network, limits.networkPriority);
    const program = join(nativeDir, 'supervisor');
    const { pid, startTime, holderPid, steps, warnings } = await inKernel(
      `cannot start guest ${spec.hostname}`,
      () => spawnReporting([program], Buffer.from(text)),
    ).catch(async (error: unknown) => {
      throw await nameMissingFeature(error, () => this.describeHost());
    });
    for (const step of steps) onStep?.(step);
    for (const warning of warnings) {
      this.#options.onFault(spec.id, kernelError(warning, `guest ${spec.hostname} runs, but`));
    }
    const guest: RunningGuest = {
      id: spec.id,
      initPid: pid,
      initStartTime: startTime,
      bootId: this.bootId,
      supervisorPid: holderPid,
      frozen: false,
      memoryFull: false,
      startedAt,
    };
    this.#running.add(guest, spec.network?.link ?? null);
    return { ...guest };
  }

  async stopGuest(id: string, options: { timeoutMs: number; force: boolean }): Promise<ExitRecord> {
    const { runDir } = this.#paths(id);
    if (this.#running.has(id)) {
      const exit = await this.#running.stop(id, options);
      await keepConsole(runDir, this.#paths(id).guestDir, id);
      await rm(runDir, { recursive: true, force: true });
      return exit;
    }
    const left = await readExitFile(runDir, id);
    await this.cleanGuest(id);
    const at = new Date().toISOString();
    return left ?? { id, status: null, signal: 'SIGKILL', outOfMemory: false, at };
  }

  async freezeGuest(id: string): Promise<void> {
    await this.#freeze(id, true);
  }

  async unfreezeGuest(id: string): Promise<void> {
    await this.#freeze(id, false);
  }

  async checkLimits(limits: GuestLimits): Promise<void> {
    const hierarchies = await inKernel('cannot find the control groups', () =>
      this.#options.kernel.hierarchies(),
    );
    assertLimitsSupported(hierarchies, `${this.#options.instance.cgroup}/guests`, limits);
    await limitsForKernel(limits);
  }

  async isFrozen(id: string): Promise<{ frozen: boolean; memoryFull: boolean }> {
    if (!this.#running.has(id)) return { frozen: false, memoryFull: false };
    const { memoryFull } = this.#running.get(id);
    const frozen = await inKernel('cannot see whether the guest is frozen', () =>
      this.#options.kernel.isFrozen(this.#paths(id).cgroup),
    );
    return { frozen: frozen || memoryFull, memoryFull };
  }

  async decideMemory(id: string, order: 'go-on' | 'kill'): Promise<void> {
    await this.#running.orderMemory(id, order);
  }

  async setLimits(id: string, limits: GuestLimits): Promise<GuestLimits> {
    this.#running.get(id);
    const { cgroup, runDir } = this.#paths(id);
    const tools = { kernel: this.#options.kernel, priorities: this.#priorities };
    const read = await inKernel('cannot change the limits', async () =>
      applyLimits(tools, { cgroup, network: await readNetwork(runDir) }, limits),
    );
    this.#watch.changed(id);
    await this.#running.orderMemory(id, limits.outOfMemory);
    return read;
  }

  async checkSeccomp(guest: SeccompSubject): Promise<string[]> {
    const compiled = await compileSeccomp(guest, this.#options.nativeDir);
    return compiled?.warnings ?? [];
  }

  readLearned(id: string, kind: GuestSpec['kind']): Promise<SeccompLearned> {
    return readLearned(kind, { nativeDir: this.#options.nativeDir, guestDir: this.#paths(id).guestDir });
  }

  async readEffects(id: string): Promise<RawEffects> {
    this.#running.get(id);
    return inKernel('cannot read what limits did', () =>
      this.#options.kernel.readEffects(this.#paths(id).cgroup),
    );
  }

  onGuestEvent(listener: (event: GuestKernelEvent) => void): void {
    this.#eventListeners.push(listener);
    for (const event of this.#untold.splice(0)) listener(event);
  }

  async plugDevice(id: string, device: GuestDevice): Promise<void> {
    for (const found of await findDevices([device])) await this.#change(id, 'plug', deviceValue(found));
  }

  async unplugDevice(id: string, device: GuestDevice): Promise<void> {
    // The host may have lost the node since: what the guest has is in its spec.
    for (const value of await pluggedValues(this.#runDirOf(id), device))
      await this.#change(id, 'unplug', value);
  }

  async renewLxcfs(): Promise<void> {
    const program = join(this.#options.nativeDir, 'enter');
    for (const { id } of this.#running.list()) {
      await renewLxcfs(program, this.#paths(id).runDir).catch((error: unknown) => {
        this.#options.onFault(id, kernelError(error, 'lxcfs cannot be mounted again'));
      });
    }
  }

  async addMount(id: string, mount: BindMount): Promise<void> {
    await this.#change(id, 'mount', mountValue(mount));
  }

  async removeMount(id: string, mount: BindMount): Promise<void> {
    // By what the guest has there: the source may be gone since.
    for (const value of await mountedValues(this.#runDirOf(id), mount)) {
      await this.#change(id, 'unmount', value);
    }
  }

  async readCgroupFile(id: string, file: string): Promise<string> {
    this.#running.get(id);
    return readCgroupFile(await this.#options.kernel.hierarchies(), this.#paths(id).cgroup, file);
  }

  async writeCgroupFile(id: string, file: string, value: string): Promise<void> {
    this.#running.get(id);
    await writeCgroupFile(await this.#options.kernel.hierarchies(), this.#paths(id).cgroup, file, value);
  }

  listProcesses(id: string, most: number): Promise<number[]> {
    this.#running.get(id);
    return inKernel('cannot list the processes of the guest', () =>
      processesIn(this.#options.kernel, this.#paths(id).cgroup, most),
    );
  }

  async signalProcess(id: string, pid: number, signal: NodeJS.Signals): Promise<void> {
    this.#running.get(id);
    await signalGuestProcess(this.#options.kernel, this.#paths(id).cgroup, { pid, signal });
  }

  readGroups(id: string): Promise<GuestGroups> {
    this.#running.get(id);
    return inKernel('cannot read the control groups of the guest', () =>
      readGuestGroups(this.#options.kernel, this.#paths(id).cgroup),
    );
  }

  async listRunning(): Promise<RunningGuest[]> {
    for (const id of await namesIn(join(this.#options.instance.runDir, 'guests'))) {
      await inKernel(`cannot take back guest ${id}`, () => this.#running.adopt(id));
    }
    return this.#running.list();
  }

  readExit(id: string): Promise<ExitRecord | null> {
    return readExitFile(this.#paths(id).runDir, id);
  }

  onGuestExit(listener: (exit: ExitRecord) => void): void {
    this.#running.onExit(listener);
  }

  async readUsage(ids: readonly string[]): Promise<Map<string, RawUsage>> {
    const asked = ids.map((id) => ({ group: this.#paths(id).cgroup, link: this.#running.linkOf(id) }));
    const usage = await inKernel('cannot read the usage of guests', () =>
      this.#options.kernel.readUsage(asked),
    );
    return new Map(
      ids.flatMap((id, at) => {
        const one = usage[at];
        return one ? [[id, one] as const] : [];
      }),
    );
  }

  async cleanGuest(id: string): Promise<void> {
    if (this.#running.has(id)) {
      throw new AppError('illegal_state', `guest ${id} runs: stop it before it is cleaned up after`);
    }
    await this.#removeLeavings(id);
    const { runDir, guestDir } = this.#paths(id);
    await keepConsole(runDir, guestDir, id);
    await rm(runDir, { recursive: true, force: true });
  }

  async listRemnants(): Promise<string[]> {
    const { instance, kernel } = this.#options;
    const groups = await inKernel('cannot list control groups', () =>
      kernel.groupsIn(`${instance.cgroup}/guests`),
    );
    const ids = new Set([
      ...(await namesIn(join(instance.runDir, 'guests'))),
      ...(await namesIn(join(instance.dataDir, 'guests'))),
      ...groups,
    ]);
    return [...ids];
  }

  createGuestDir(id: string): Promise<string> {
    return diskWork("cannot make the guest's folder", () => createGuestDir(this.#paths(id).guestDir));
  }

  removeGuestDir(id: string): Promise<void> {
    return inKernel("cannot remove the guest's folder", () => removeTree(this.#paths(id).guestDir));
  }

  async openSession(spec: SessionSpec): Promise<void> {
    this.#running.get(spec.guestId);
    await inKernel('cannot open a shell', () => this.#sessions.open(spec));
  }

  listSessions(): Promise<{ session: string; guestId: string }[]> {
    return this.#sessions.list();
  }

  closeSession(session: string): Promise<void> {
    return this.#sessions.close(session);
  }

  onSessionEnd(listener: (end: SessionEnd) => void): void {
    this.#sessions.onEnd(listener);
  }

  async attach(
    terminal: { session: string } | { guestId: string },
    from: number | 'tail',
  ): Promise<TerminalConnection> {
    if ('guestId' in terminal) {
      const { guestId: id } = terminal;
      return attachConsole(this.#paths(id), { id, runs: this.#running.has(id), from });
    }
    const path = await this.#sessions.socketOf(terminal.session);
    const holder = await inKernel('cannot attach to the terminal', () =>
      HolderClient.connect(path, { role: 'terminal', from }),
    );
    return terminalOf(holder);
  }

  async exec(spec: Omit<SessionSpec, 'session' | 'columns' | 'rows'>): Promise<ExecProcess> {
    const { runDir } = this.#paths(this.#running.get(spec.guestId).id);
    const program = join(this.#options.nativeDir, 'enter');
    return inKernel('cannot run a command in the guest', () => execInGuest(program, { runDir, spec }));
  }

  ensureNetwork(network: { bridge: string; ipv4: string; ipv6: string }): Promise<void> {
    return inKernel('cannot make the network of guests', () => this.#options.kernel.ensureNetwork(network));
  }

  dropNetwork(bridge: string): Promise<void> {
    return inKernel('cannot remove the network of guests', () => this.#options.kernel.dropNetwork(bridge));
  }

  applyFirewall(script: string): Promise<void> {
    return inKernel('cannot set the firewall', () => this.#options.kernel.applyFirewall(script));
  }

  whyNot(probe: string): Promise<string | null> {
    return this.#options.kernel.whyNot(probe);
  }

  describeHost(): ReturnType<RuntimePort['describeHost']> {
    return inKernel('cannot find out about the host', () => this.#options.kernel.describeHost());
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sessions[Symbol.asyncDispose]();
    await this.#running[Symbol.asyncDispose]();
    this.#watch[Symbol.dispose]();
  }

  #setPriority(network: GuestNetwork, priority: number | null): Promise<void> {
    return inKernel("cannot set the priority of the guest's network", () =>
      this.#priorities.set(network, priority),
    );
  }

  #paths(id: string) {
    return guestPaths(this.#options.instance, id);
  }

  #tell(event: GuestKernelEvent): void {
    if (this.#eventListeners.length === 0) this.#untold.push(event);
    for (const listener of this.#eventListeners) listener(event);
  }

  async #freeze(id: string, frozen: boolean): Promise<void> {
    const guest = this.#running.get(id);
    const what = frozen ? 'cannot freeze the guest' : 'cannot unfreeze the guest';
    await inKernel(what, () => this.#options.kernel.freeze(this.#paths(id).cgroup, frozen));
    guest.frozen = frozen;
  }

  /** Of a guest that runs. */
  #runDirOf(id: string): string {
    return this.#paths(this.#running.get(id).id).runDir;
  }

  async #change(id: string, verb: PlugVerb, value: string): Promise<void> {
    const runDir = this.#runDirOf(id);
    const program = join(this.#options.nativeDir, 'enter');
    await inKernel(CHANGES[verb], () => changeGuest(program, { verb, runDir, value }));
  }

  /** In the kernel; the run folder stays. */
  async #removeLeavings(id: string): Promise<void> {
    const { cgroup, runDir } = this.#paths(id);
    const link = await readLink(runDir);
    await inKernel(`cannot clean up after guest ${id}`, async () => {
      await this.#options.kernel.removeGroup(cgroup);
      // The end of its network namespace takes it along, a moment later.
      if (link) await this.#options.kernel.deleteLink(link);
    });
    await runPoststop(runDir, (error) => this.#options.onFault(id, error));
  }
}

/** File work whose lack of space is told as such. */
async function diskWork<Result>(context: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    const errno = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
    const full = errno === 'ENOSPC' || errno === 'EDQUOT';
    const why = full ? 'no space is left on the disk' : errno;
    throw new AppError(full ? 'no_space' : 'kernel', `${context}: ${why}`, {
      detail: { errno },
      cause: error,
    });
  }
}
