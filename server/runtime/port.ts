import type { ProbeProgress } from '../guest/probe-schema.ts';
import type { GuestIsolation, GuestLimits } from '../guest/schema.ts';
import type { HostView } from '../host/schema.ts';
import type {
  ExecProcess,
  ExitListener,
  ExitRecord,
  GuestGroups,
  GuestKernelEvent,
  GuestSpec,
  RawEffects,
  RawUsage,
  RunningGuest,
  SeccompLearned,
  SeccompSubject,
  SessionEnd,
  SessionSpec,
  StartStep,
  TerminalConnection,
  WallSubject,
  WallTrial,
} from './port-types.ts';

export type * from './port-types.ts';

/** Guests from their start to their end, and what they leave. */
export interface GuestRunsPort {
  /** Start a guest: resolves when init has been exec'd inside all its walls. On failure nothing is left. */
  startGuest(spec: GuestSpec, onStep?: (step: StartStep) => void): Promise<RunningGuest>;
  /**
   * Ask init to stop, kill after the time limit; resolves when no process, cgroup, mount or link is left. A guest that
   * has ended by itself meanwhile gives the record that it left.
   */
  stopGuest(id: string, options: { timeoutMs: number; force: boolean }): Promise<ExitRecord>;
  freezeGuest(id: string): Promise<void>;
  unfreezeGuest(id: string): Promise<void>;
  /** Whether it stands still now, as the kernel says; false for one that does not run. */
  isFrozen(id: string): Promise<{ frozen: boolean; memoryFull: boolean }>;
  /**
   * What becomes of a guest whose memory is full: it goes on (it was given more), or the kernel kills one of its
   * processes first. That it goes on is told as `thawed`; that it was not enough, as `memory-full` again.
   */
  decideMemory(id: string, order: 'go-on' | 'kill'): Promise<void>;
  /** Kernel events of all running guests, within milliseconds and without polling. */
  onGuestEvent(listener: (event: GuestKernelEvent) => void): void;
  /** What runs now, from supervisors and the kernel (re-adoption after a restart of the server). */
  listRunning(): Promise<RunningGuest[]>;
  /**
   * The record that the supervisor left, if init ended while nobody looked, or the one of a guest that was not taken back
   * because its control groups were gone; reading does not remove it.
   */
  readExit(id: string): Promise<ExitRecord | null>;
  /** Called once per end of a running guest, whoever ended it. */
  onGuestExit(listener: ExitListener): void;
  /** Remove what a dead supervisor may have left of a guest that does not run: cgroups, link, run folder. Idempotent. */
  cleanGuest(id: string): Promise<void>;
  /** `cleanGuest`, then `removeGuestDir`. */
  removeGuest(id: string): Promise<void>;
  /** Guests of this instance that left anything on the host: run folder, cgroup or own folder. */
  listRemnants(): Promise<string[]>;
  /** Create the guest's own folder (upper, work), or remove it with all its files. Idempotent. */
  createGuestDir(id: string): Promise<string>;
  removeGuestDir(id: string): Promise<void>;
}

/** What changes in guests while they run. */
export interface GuestChangesPort {
  /** Throws `unsupported` or `bad_input` on the limit's field for what this host's kernel has nothing for. */
  checkLimits(limits: GuestLimits): Promise<void>;
  /** Apply to a running guest at once; returns what the kernel reads back. */
  setLimits(id: string, limits: GuestLimits): Promise<GuestLimits>;
  /**
   * Whether a filter and a set of capabilities can be made of what a guest asks for, before anything is made. Resolves to what of
   * its seccomp profile cannot be done as it says; throws AppError `bad_input`.
   */
  checkSeccomp(guest: SeccompSubject): Promise<string[]>;
  /** Plug and unplug devices, and bind mounts, of a running guest: idempotent. */
  plugDevice(id: string, device: GuestIsolation['devices'][number]): Promise<void>;
  unplugDevice(id: string, device: GuestIsolation['devices'][number]): Promise<void>;
  /** lxcfs fell or was started anew: all guests that have it get its files again, or the kernel's own. */
  renewLxcfs(): Promise<void>;
  addMount(id: string, mount: GuestIsolation['mounts'][number]): Promise<void>;
  removeMount(id: string, mount: GuestIsolation['mounts'][number]): Promise<void>;
  writeCgroupFile(id: string, file: string, value: string): Promise<void>;
  /** A signal to a process of the guest by its pid on the host: `not_found` when it is none (any more). */
  signalProcess(id: string, pid: number, signal: NodeJS.Signals): Promise<void>;
}

/** What guests use, what their limits did to them, and what is in them. */
export interface GuestReadingsPort {
  /** What a guest with `seccomp.mode` `log` has been seen to do, since that was set. */
  readLearned(id: string, kind: GuestSpec['kind']): Promise<SeccompLearned>;
  /** What its limits did to it; a few reads for one guest that somebody looks at. */
  readEffects(id: string): Promise<RawEffects>;
  /** What the kernel applies of a running guest's limits; what it cannot tell stands as it was `wanted`. */
  readLimits(id: string, wanted: GuestLimits): Promise<GuestLimits>;
  /** Counters of many guests in one native call, off the event loop. */
  readUsage(ids: readonly string[]): Promise<Map<string, RawUsage>>;
  /** One file of the guest's own cgroup (`memory.max`), in the hierarchy that has it. */
  readCgroupFile(id: string, file: string): Promise<string>;
  /** Pids on the host of everything in the guest's cgroup and below, at most `most` of them. */
  listProcesses(id: string, most: number): Promise<number[]>;
  /** The guest's cgroup in every hierarchy. */
  readGroups(id: string): Promise<GuestGroups>;
}

/** Consoles, shells and commands of guests. */
export interface GuestTerminalsPort {
  openSession(spec: SessionSpec): Promise<void>;
  listSessions(): Promise<{ session: string; guestId: string }[]>;
  closeSession(session: string): Promise<void>;
  /** The directory that a shell is in, as the guest names it. Throws `not_found`, and `illegal_state` for one that was deleted. */
  workdirOf(session: string): Promise<string>;
  /**
   * Called once per shell that ended, whoever ended it and whether anybody looked; of one that ended while no server was
   * there, when the shells are first listed.
   */
  onSessionEnd(listener: (end: SessionEnd) => void): void;
  /** `terminal` is a session id, or the console of guest `guestId`. */
  attach(
    terminal: { session: string } | { guestId: string },
    from: number | 'tail',
  ): Promise<TerminalConnection>;
  exec(spec: Omit<SessionSpec, 'session' | 'columns' | 'rows'>): Promise<ExecProcess>;
  /** Try from inside what the walls of its kind refuse, telling how far it is. Nothing comes of it, also where it is not refused. */
  tryWalls(guest: WallSubject, onProgress?: (progress: ProbeProgress) => void): Promise<WallTrial[]>;
}

/** What guests share of the host: their network, and what its kernel can do. */
export interface HostPort {
  /** Bridge, addresses, forwarding. Idempotent; `dropNetwork` undoes exactly that. */
  ensureNetwork(network: { bridge: string; ipv4: string; ipv6: string }): Promise<void>;
  dropNetwork(bridge: string): Promise<void>;
  /** One link of our own, with what shapes it. Idempotent. */
  removeLink(name: string): Promise<void>;
  /** Bytes per second that the kernel holds a guest's link to, seen from the guest; null: as fast as it goes. */
  readLinkRates(name: string): Promise<{ receive: number | null; transmit: number | null }>;
  /** End what supervisors are forked from, which is in the instance's groups; the next start makes another. Idempotent. */
  stopForking(): Promise<void>;
  /** Run an nftables script in one transaction. Throws `kernel` with nft's own words. */
  applyFirewall(script: string): Promise<void>;
  /**
   * No program that is started from now on has this descriptor of ours (it was opened without O_CLOEXEC). Done before the promise
   * is given.
   */
  keepFromPrograms(descriptor: number): Promise<void>;
  /** What this process has freed goes back to the kernel. */
  giveBackMemory(): Promise<void>;
  /**
   * Try one thing that guests need (native/addon/probes.h) on this host, for real but so that nothing stays; null when it works, else
   * why it does not.
   */
  whyNot(probe: string): Promise<string | null>;
  describeHost(): Promise<
    HostView['cgroup'] & {
      features: HostView['features'];
    }
  >;
}

/**
 * What the nouns ask of the kernel. One adapter (over native/lib) and one fake for unit tests.
 * Every method throws AppError: `kernel` with errno, action and path, `unsupported` with the missing feature.
 */
export interface RuntimePort
  extends GuestRunsPort,
    GuestChangesPort,
    GuestReadingsPort,
    GuestTerminalsPort,
    HostPort {
  /** Of this boot of the host. */
  readonly bootId: string;
}
