/** What a probe may be told of the guest that it runs in. */
export interface Subject {
  kind: 'application' | 'system';
  /** It may make namespaces and mounts of its own. */
  nesting: boolean;
}

/** What takes a wall away: where there is a setting for it, that is named; the tests take away the others. */
export type Wall =
  | 'filter'
  | 'x32'
  | 'capabilities'
  | 'masks'
  | 'read-only'
  | 'sysfs'
  | 'locked mounts'
  | 'hidden proc'
  | 'user namespace'
  | 'device filter'
  | 'no device'
  | 'no_new_privs'
  | 'hidepid'
  | 'namespaces'
  | 'kinds of files'
  | 'root'
  | 'entering'
  | 'control group'
  | 'keyring';

/** One thing that a guest may not do, and how to try it: `native/probe` does, and nothing comes of it where no wall holds. */
export interface Probe {
  id: string;
  group: string;
  /** `load a program into the kernel`. */
  title: string;
  cve: readonly string[];
  wall: Wall;
  /** What native/probe is told (acts.cc); `{name}` stands for what only the host knows (linesOf). */
  act: readonly string[];
  /** What it answers when the wall holds; null: this kind of guest has no such wall. */
  held: Readonly<Record<Subject['kind'], string | null>>;
  /** The same of a guest with nesting, when that differs. */
  nesting?: string | null;
  /** Answers which mean that this host has nothing there to protect. */
  nothing: readonly string[];
  /** Settings that open it: `seccomp`, `nesting`, `privileged`, `capability net_raw`, `masked /proc/keys`, `read-only /proc/sys`, `namespace network`. */
  opens: readonly string[];
}

/** The answer of a wall that holds in such a guest; null when it has none. Pure. */
export function heldAnswer(probe: Probe, { kind, nesting }: Subject): string | null {
  return nesting && probe.nesting !== undefined ? probe.nesting : probe.held[kind];
}

/** The same for both kinds. Pure. */
export function both(answer: string): Probe['held'] {
  return { application: answer, system: answer };
}

/** What stands for `{name}` in acts: inodes of the host's namespaces, and an abstract socket that the host listens at. */
export type HostValues = Readonly<Record<string, string>>;

/** What native/probe reads, a line for each. Throws Error for a value that is missing. Pure. */
export function linesOf(probes: readonly Probe[], values: HostValues): string {
  const filled = (word: string) =>
    word.replace(/\{(\w+)\}/g, (_, name: string) => {
      const value = values[name];
      if (value === undefined) throw new Error(`the probes need to know ${name} of the host`);
      return value;
    });
  return probes.map(({ id, act }) => `${[id, ...act.map(filled)].join('\t')}\n`).join('');
}

/** What native/probe has answered, by the probes' ids. Pure. */
export function answersOf(output: string): Map<string, string> {
  return new Map(
    output
      .split('\n')
      .filter((line) => line.includes('\t'))
      .map((line) => [line.slice(0, line.indexOf('\t')), line.slice(line.indexOf('\t') + 1)]),
  );
}
