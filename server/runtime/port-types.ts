import type { GuestEffects } from '../guest/effects-schema.ts';
import type { STOP_SIGNALS } from '../guest/init-schema.ts';
import type { ShareableNamespace } from '../guest/isolation-schema.ts';
import type { GuestEventKind, GuestInit, GuestIsolation, GuestLimits } from '../guest/schema.ts';
import type { OciSeccomp } from '../guest/seccomp-schema.ts';

/** How init is asked to stop. */
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** Isolation with every name resolved to what it stands for on this host. */
export interface ResolvedIsolation extends Omit<GuestIsolation, 'namespaces'> {
  /** Those that are not the guest's own: the host's, or those of the running guest with this id. */
  namespaces: { name: ShareableNamespace; owner: 'host' | { guestId: string } }[];
  /** Mounts whose sources are paths of the host: volumes are resolved. */
  mounts: GuestIsolation['mounts'];
  /** Where lxcfs is mounted on the host; null: not to be used. */
  lxcfsRoot: string | null;
}

/** Everything a guest's supervisor needs to know. Plain data: the adapter turns it into the wire's spec. */
export interface GuestSpec {
  id: string;
  hostname: string;
  kind: 'system' | 'application';
  /** Absolute path of the read-only root of the image, files owned by real uid 0. */
  imageRoot: string;
  /** The guest's own folder: `upper` and `work` of the overlay are in it. */
  guestDir: string;
  /** argv of init; [0] is a path inside the guest. */
  command: string[];
  environment: Record<string, string>;
  workdir: string;
  /** Of init; null is root. */
  user: string | null;
  idBase: number;
  limits: GuestLimits;
  isolation: ResolvedIsolation;
  hooks: GuestInit['hooks'];
  network: {
    bridge: string;
    /** Host end of the veth pair. */
    link: string;
    mac: string;
    /** With prefix length: `10.209.0.7/20`. */
    ipv4: string;
    ipv4Gateway: string;
    ipv6: string;
    ipv6Gateway: string;
  } | null;
  /** Lines of the guest's /etc/resolv.conf; null leaves the image's. */
  resolvConf: string | null;
  /** How init is asked to stop, and how long it has (ms). */
  stopSignal: StopSignal;
  stopTimeoutMs: number;
}

/** The part of a guest that decides which system calls it may make. */
export interface SeccompSubject {
  kind: 'system' | 'application';
  isolation: Pick<GuestIsolation, 'seccomp' | 'capabilities' | 'privileged' | 'nesting'>;
}

/** What a guest whose filter only logs did that the default of its kind refuses. */
export interface SeccompLearned {
  /** Names of system calls. */
  calls: string[];
  /** How many have no name on this host. */
  unnamed: number;
  /** Some were not seen: there were too many at once. */
  lost: boolean;
  /** Errno, when the kernel's audit records could not be read. */
  unavailable: string | null;
  /** The default of its kind, with these let through. */
  profile: OciSeccomp;
}

/** A running guest's identity: never a bare pid (pids are reused, across reboots too). */
export interface RunningGuest {
  id: string;
  initPid: number;
  /** Field 22 of /proc/PID/stat, clock ticks since boot. */
  initStartTime: string;
  bootId: string;
  supervisorPid: number;
  /** Also while it waits for memory. */
  frozen: boolean;
  /** It stands still until somebody decides (limits.outOfMemory `freeze`). */
  memoryFull: boolean;
  startedAt: string;
}

export interface ExitRecord {
  id: string;
  status: number | null;
  /** `SIGKILL`; null when it exited by itself. */
  signal: string | null;
  outOfMemory: boolean;
  at: string;
  /** Why it was ended, where nobody had asked for that. */
  why?: string;
}

/** Hears of the end of a guest, and of which of its runs. */
export type ExitListener = (exit: ExitRecord, run: Pick<RunningGuest, 'initPid' | 'initStartTime'>) => void;

export interface StartStep {
  name: string;
  micros: number;
}

export interface RawUsage {
  cpuTotalMicros: number;
  memory: number;
  swap: number | null;
  pids: number;
  networkReceiveBytes: number | null;
  networkTransmitBytes: number | null;
  /** Since start; null where the host does not tell. */
  ioReadBytes: number | null;
  ioWriteBytes: number | null;
  /** µs that it was held back by its CPU quota. */
  throttledMicros: number | null;
}

/** What limits did to a guest, as far as the kernel counts it. */
export type RawEffects = Omit<GuestEffects, 'at'>;

/** A cgroup with what is in it and below. */
export interface GroupNode {
  /** Below the guest's own group; '' is that. A name that the guest has given may be anything. */
  path: string;
  pids: number[];
  children: GroupNode[];
}

/** A guest's cgroup as the kernel has it. */
export interface GuestGroups {
  /** `path`: the folder on the host. */
  hierarchies: { controllers: string[]; version: 'v1' | 'v2'; path: string }[];
  /** Where the guest may make groups of its own. Bounded: what is beyond 500 groups is left out. */
  tree: GroupNode;
  /** Rules of v1's devices.list, `c 1:3 rwm`; null where a program filters them. */
  devices: string[] | null;
}

/** Something that happened to a running guest, told by its supervisor. */
export interface GuestKernelEvent {
  id: string;
  at: string;
  kind: GuestEventKind;
  /** How much or how often, where the kind has a number. */
  count: number | null;
}

/** How a shell ended. Both null: nobody can say, its holder was killed. */
export interface SessionEnd {
  session: string;
  status: number | null;
  /** `SIGHUP`; null when it exited by itself. */
  signal: string | null;
}

export interface SessionSpec {
  session: string;
  guestId: string;
  command: string[];
  user: string;
  environment: Record<string, string>;
  workdir: string | null;
  columns: number;
  rows: number;
}

/** A live connection to a terminal (the guest's console or a shell) of a holder process. */
export interface TerminalConnection extends AsyncDisposable {
  state: { start: number; end: number; columns: number; rows: number };
  /** Output from the asked offset on; bytes are a copy. */
  onOutput(listener: (offset: number, bytes: Uint8Array) => void): void;
  onExit(listener: (exit: { status: number | null; signal: string | null }) => void): void;
  /** The holder went away without an exit (killed). */
  onLost(listener: () => void): void;
  /** Input. False: the holder is behind with it; `onDrain` tells when it has taken all. */
  write(bytes: Uint8Array): boolean;
  onDrain(listener: () => void): void;
  resize(columns: number, rows: number): void;
  /** Output before `offset` has been shown: the holder keeps at most its window ahead of it. */
  acknowledge(offset: number): void;
  /** For shells: hang up. */
  hangUp(): void;
  close(): void;
}

/** One thing that guests of a kind may not do, as tried inside one (native/probe). */
export interface WallTrial {
  id: string;
  group: string;
  title: string;
  cve: readonly string[];
  /** Answers of a wall that holds; the first is the default's. */
  held: readonly [string, ...string[]];
  /** Answers of a host that has nothing there. */
  nothing: readonly string[];
  /** What opens it: `seccomp`, `nesting`, `privileged`, `capability net_raw`, `masked /proc/keys`, `read-only /proc/sys`, `namespace network`, `device /dev/fuse`. */
  opens: readonly string[];
  /** Null: it was left out, or did not answer in time. */
  answer: string | null;
}

/** The guest whose walls are tried. */
export interface WallSubject {
  id: string;
  kind: 'system' | 'application';
  nesting: boolean;
  /** Its filter writes down what it would refuse: calls that only this filter lets through are left out. */
  learning: boolean;
}

export interface ExecProcess {
  stdin: import('node:stream').Writable;
  stdout: import('node:stream').Readable;
  stderr: import('node:stream').Readable;
  exit: Promise<{ status: number | null; signal: string | null }>;
  kill(signal: NodeJS.Signals): void;
}
