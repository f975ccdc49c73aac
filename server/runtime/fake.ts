import { bootId } from '../child/process-identity.ts';
import { AppError } from '../errors/app-error.ts';
import type { ProbeProgress } from '../guest/probe-schema.ts';
import type {
  ExitListener,
  ExitRecord,
  GuestGroups,
  GuestKernelEvent,
  GuestSpec,
  RawEffects,
  RawUsage,
  RunningGuest,
  RuntimePort,
  SeccompLearned,
  SessionEnd,
  WallSubject,
  WallTrial,
} from './port.ts';

/** A kernel in memory, for unit tests: it keeps what the port promises and can be told to fail. */
export class FakeRuntime implements RuntimePort {
  readonly running = new Map<string, RunningGuest & { spec: GuestSpec }>();
  readonly exits = new Map<string, ExitRecord>();
  readonly folders = new Set<string>();
  readonly sessions = new Map<string, string>();
  readonly usage = new Map<string, RawUsage>();
  /** Remnants beside folders: cgroups, links, run folders of guests that do not run. */
  readonly remnants = new Set<string>();
  /** The next call of a method throws this, once. */
  readonly failures = new Map<keyof RuntimePort, Error>();
  /** Every call, in order: `startGuest abc`. */
  readonly calls: string[] = [];
  bootId = bootId();
  readonly #listeners = new Set<ExitListener>();
  readonly #sessionListeners = new Set<(end: SessionEnd) => void>();
  #nextPid = 1000;

  async startGuest(spec: GuestSpec): Promise<RunningGuest> {
    this.#enter('startGuest', spec.id);
    if (this.running.has(spec.id)) throw new AppError('kernel', `guest ${spec.id} runs already`);
    const pid = this.#nextPid++;
    const guest = {
      id: spec.id,
      initPid: pid,
      initStartTime: `${pid * 10}`,
      bootId: this.bootId,
      supervisorPid: this.#nextPid++,
      frozen: false,
      memoryFull: false,
      startedAt: new Date().toISOString(),
    };
    this.running.set(spec.id, { ...guest, spec });
    return guest;
  }

  async stopGuest(id: string, { force }: { timeoutMs: number; force: boolean }): Promise<ExitRecord> {
    this.#enter('stopGuest', id);
    const left = this.exits.get(id);
    if (!this.running.delete(id) && left) return left;
    const end = force ? { status: null, signal: 'SIGKILL' } : { status: 0, signal: null };
    return { id, ...end, outOfMemory: false, at: new Date().toISOString() };
  }

  async freezeGuest(id: string): Promise<void> {
    this.#enter('freezeGuest', id);
    this.#get(id).frozen = true;
  }

  async unfreezeGuest(id: string): Promise<void> {
    this.#enter('unfreezeGuest', id);
    this.#get(id).frozen = false;
  }

  async checkLimits(limits: GuestSpec['limits']): Promise<void> {
    this.#enter('checkLimits', `${limits.cpu}`);
  }

  async isFrozen(id: string): Promise<{ frozen: boolean; memoryFull: boolean }> {
    const guest = this.running.get(id);
    return { frozen: guest?.frozen ?? false, memoryFull: guest?.memoryFull ?? false };
  }

  async decideMemory(id: string, order: 'go-on' | 'kill'): Promise<void> {
    this.#enter('decideMemory', `${id} ${order}`);
    const guest = this.#get(id);
    Object.assign(guest, { frozen: false, memoryFull: false });
    this.happen({ id, at: new Date().toISOString(), kind: 'thawed', count: null });
  }

  async setLimits(id: string, limits: GuestSpec['limits']): Promise<GuestSpec['limits']> {
    this.#enter('setLimits', id);
    this.#get(id).spec.limits = limits;
    return { ...limits };
  }

  async checkSeccomp({ kind }: { kind: string }): Promise<string[]> {
    this.#enter('checkSeccomp', kind);
    return [];
  }

  readonly learned = new Map<string, SeccompLearned>();

  async readLearned(id: string): Promise<SeccompLearned> {
    this.#enter('readLearned', id);
    const learned = this.learned.get(id);
    if (!learned) throw new AppError('kernel', `nothing was learnt of guest ${id}`);
    return learned;
  }

  readonly effects = new Map<string, RawEffects>();
  readonly #eventListeners = new Set<(event: GuestKernelEvent) => void>();

  async readLimits(id: string, wanted: GuestSpec['limits']): Promise<GuestSpec['limits']> {
    this.#enter('readLimits', id);
    return wanted;
  }

  async readEffects(id: string): Promise<RawEffects> {
    this.#enter('readEffects', id);
    const effects = this.effects.get(id);
    if (!effects) throw new AppError('kernel', `guest ${id} does not run`);
    return effects;
  }

  onGuestEvent(listener: (event: GuestKernelEvent) => void): void {
    this.#eventListeners.add(listener);
  }

  /** The kernel does something to a guest. */
  happen(event: GuestKernelEvent): void {
    const guest = this.running.get(event.id);
    if (guest && ['frozen', 'thawed', 'memory-full'].includes(event.kind)) {
      guest.frozen = event.kind !== 'thawed';
      guest.memoryFull = event.kind === 'memory-full';
    }
    for (const listener of this.#eventListeners) listener(event);
  }

  async plugDevice(id: string, device: { source: string }): Promise<void> {
    this.#enter('plugDevice', `${id} ${device.source}`);
    this.#get(id);
  }

  async unplugDevice(id: string, device: { source: string }): Promise<void> {
    this.#enter('unplugDevice', `${id} ${device.source}`);
    this.#get(id);
  }

  async renewLxcfs(): Promise<void> {
    this.#enter('renewLxcfs', '');
  }

  async addMount(id: string, mount: { target: string }): Promise<void> {
    this.#enter('addMount', `${id} ${mount.target}`);
    this.#get(id);
  }

  async removeMount(id: string, mount: { target: string }): Promise<void> {
    this.#enter('removeMount', `${id} ${mount.target}`);
    this.#get(id);
  }

  readonly cgroupFiles = new Map<string, string>();

  async readCgroupFile(id: string, file: string): Promise<string> {
    this.#enter('readCgroupFile', `${id} ${file}`);
    return this.cgroupFiles.get(`${id}/${file}`) ?? '';
  }

  async writeCgroupFile(id: string, file: string, value: string): Promise<void> {
    this.#enter('writeCgroupFile', `${id} ${file}`);
    this.cgroupFiles.set(`${id}/${file}`, value);
  }

  readonly processes = new Map<string, number[]>();

  async listProcesses(id: string, most: number): Promise<number[]> {
    this.#get(id);
    return (this.processes.get(id) ?? []).slice(0, most);
  }

  async signalProcess(id: string, pid: number, signal: NodeJS.Signals): Promise<void> {
    this.#enter('signalProcess', `${id} ${pid} ${signal}`);
    if (this.processes.get(id)?.includes(pid)) return;
    throw new AppError('not_found', `guest ${id} has no process ${pid}`, { field: ['pid'] });
  }

  async readGroups(id: string): Promise<GuestGroups> {
    this.#get(id);
    const tree = { path: '', pids: this.processes.get(id) ?? [], children: [] };
    return { hierarchies: [{ controllers: ['cpu'], version: 'v2', path: `/cg/${id}` }], tree, devices: null };
  }

  async listRunning(): Promise<RunningGuest[]> {
    return [...this.running.values()].map(({ spec: _, ...guest }) => guest);
  }

  async readExit(id: string): Promise<ExitRecord | null> {
    return this.exits.get(id) ?? null;
  }

  onGuestExit(listener: ExitListener): void {
    this.#listeners.add(listener);
  }

  /** Init of a guest ends by itself. */
  end(id: string, how: Partial<Omit<ExitRecord, 'id'>>): void {
    const { initPid, initStartTime } = this.#get(id);
    this.running.delete(id);
    const at = new Date().toISOString();
    const exit = { id, status: null, signal: null, outOfMemory: false, at, ...how };
    this.exits.set(id, exit);
    for (const listener of this.#listeners) listener(exit, { initPid, initStartTime });
  }

  async readUsage(ids: readonly string[]): Promise<Map<string, RawUsage>> {
    this.#enter('readUsage', ids.join(','));
    return new Map(
      ids.flatMap((id) => {
        const one = this.usage.get(id);
        return one && this.running.has(id) ? [[id, one] as const] : [];
      }),
    );
  }

  async cleanGuest(id: string): Promise<void> {
    this.#enter('cleanGuest', id);
    this.exits.delete(id);
    this.remnants.delete(id);
  }

  async removeGuest(id: string): Promise<void> {
    await this.cleanGuest(id);
    await this.removeGuestDir(id);
  }

  async listRemnants(): Promise<string[]> {
    return [...new Set([...this.remnants, ...this.folders])];
  }

  async createGuestDir(id: string): Promise<string> {
    this.#enter('createGuestDir', id);
    this.folders.add(id);
    return `/fake/guests/${id}`;
  }

  async removeGuestDir(id: string): Promise<void> {
    this.#enter('removeGuestDir', id);
    this.folders.delete(id);
  }

  async openSession(spec: { session: string; guestId: string }): Promise<void> {
    this.#enter('openSession', spec.session);
    this.#get(spec.guestId);
    this.sessions.set(spec.session, spec.guestId);
  }

  async listSessions(): Promise<{ session: string; guestId: string }[]> {
    return [...this.sessions].map(([session, guestId]) => ({ session, guestId }));
  }

  async workdirOf(): Promise<string> {
    return '/';
  }

  async closeSession(session: string): Promise<void> {
    this.#enter('closeSession', session);
    this.sessions.delete(session);
  }

  onSessionEnd(listener: (end: SessionEnd) => void): void {
    this.#sessionListeners.add(listener);
  }

  /** A shell ends by itself. */
  endSession(end: SessionEnd): void {
    this.sessions.delete(end.session);
    for (const listener of this.#sessionListeners) listener(end);
  }

  attach(..._terminal: Parameters<RuntimePort['attach']>): ReturnType<RuntimePort['attach']> {
    return Promise.reject(new AppError('unsupported', 'the fake runtime has no terminals'));
  }

  exec(..._spec: Parameters<RuntimePort['exec']>): ReturnType<RuntimePort['exec']> {
    return Promise.reject(new AppError('unsupported', 'the fake runtime runs no commands'));
  }

  /** What walls answer, by the guest's id. */
  readonly trials = new Map<string, WallTrial[]>();

  async tryWalls({ id }: WallSubject, onProgress?: (progress: ProbeProgress) => void): Promise<WallTrial[]> {
    this.#enter('tryWalls', id);
    const trials = this.trials.get(id) ?? [];
    for (const [done, { group }] of trials.entries()) onProgress?.({ done, total: trials.length, group });
    return trials;
  }

  async ensureNetwork({ bridge }: { bridge: string }): Promise<void> {
    this.#enter('ensureNetwork', bridge);
  }

  async dropNetwork(bridge: string): Promise<void> {
    this.#enter('dropNetwork', bridge);
  }

  async stopForking(): Promise<void> {
    this.#enter('stopForking', '');
  }

  async readLinkRates(): Promise<{ receive: null; transmit: null }> {
    this.#enter('readLinkRates', '');
    return { receive: null, transmit: null };
  }

  async removeLink(): Promise<void> {
    this.#enter('removeLink', '');
  }

  async applyFirewall(): Promise<void> {
    this.#enter('applyFirewall', '');
  }

  async giveBackMemory(): Promise<void> {
    this.#enter('giveBackMemory', '');
  }

  async keepFromPrograms(descriptor: number): Promise<void> {
    this.#enter('keepFromPrograms', String(descriptor));
  }

  /** Why this host cannot, by the probe's name; what is not here works. */
  readonly lacks = new Map<string, string>();

  async whyNot(probe: string): Promise<string | null> {
    this.#enter('whyNot', probe);
    return this.lacks.get(probe) ?? null;
  }

  async describeHost(): ReturnType<RuntimePort['describeHost']> {
    this.#enter('describeHost', '');
    return { layout: 'v2', controllers: { cpu: 'v2', memory: 'v2', pids: 'v2' }, features: [] };
  }

  #get(id: string): RunningGuest & { spec: GuestSpec } {
    const guest = this.running.get(id);
    if (!guest) throw new AppError('kernel', `guest ${id} does not run`);
    return guest;
  }

  #enter(method: keyof RuntimePort, subject: string): void {
    this.calls.push(`${method} ${subject}`.trim());
    const failure = this.failures.get(method);
    this.failures.delete(method);
    if (failure) throw failure;
  }
}
