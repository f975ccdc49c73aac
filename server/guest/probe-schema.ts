/** How a wall did: it held; a setting of the guest weakens it; it is open and no setting says so; nothing could be tried. */
export type WallState = 'held' | 'weakened' | 'open' | 'untried';

/** How far the trying of a guest's walls is. */
export interface ProbeProgress {
  /** Things tried, of all that are. */
  done: number;
  total: number;
  /** Of which kind is the next one: `system calls`. */
  group: string;
}

/** One thing that a guest may not do by default, tried in it. */
export interface WallTrialView {
  /** `bpf.i386`. */
  id: string;
  /** `system calls`. */
  group: string;
  /** `load a program into the kernel, by 32 bits`. */
  title: string;
  cve: string[];
  state: WallState;
  /** `EPERM`, or another word for what came of it; null when it was not tried. */
  answer: string | null;
  /** What a wall that holds answers. */
  expected: string;
  /** Settings that open it: `isolation.nesting`. */
  settings: string[];
  /** Why it was not tried. */
  why: string | null;
}

/** What held in a guest, what is weakened by which of its settings, and what could not be tried. */
export interface ProbeReport {
  guest: { id: string; name: string; kind: 'system' | 'application'; nesting: boolean; privileged: boolean };
  at: string;
  /** ms that it took. */
  took: number;
  counts: Record<WallState, number>;
  /** What is open first, then what is weakened, what was not tried, what held. */
  trials: WallTrialView[];
}
