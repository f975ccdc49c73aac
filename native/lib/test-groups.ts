import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type CgroupHierarchy, native } from './addon.ts';
import { killGroup, removeGroup } from './cgroups.ts';

/** Emulated machines are slow: a deadline, never a pause. */
const DEADLINE_MS = 60_000;

export const UNLIMITED = { cpuMicros: null, memory: null, swap: null, pids: null };

/** Groups of one test file, below one of its own, and processes in them; nothing is left after `clean`. */
export class TestGroups {
  readonly parent = `berth-t${process.pid}`;
  hierarchies: CgroupHierarchy[] = [];
  readonly #children: ChildProcess[] = [];

  async probe(): Promise<void> {
    this.hierarchies = await native((addon) => addon.describeLayout());
  }

  /** Path of a group below each hierarchy. */
  of(name: string): string {
    return `${this.parent}/guests/${name}`;
  }

  /** Whether a controller is on v2; null when this host has none. v1's io is blkio. */
  isV2(controller: string): boolean | null {
    const old = controller === 'io' ? 'blkio' : controller;
    if (this.hierarchies.some((one) => !one.v2 && one.controllers.includes(old))) return false;
    return this.hierarchies.some((one) => one.v2 && one.controllers.includes(controller)) ? true : null;
  }

  /** The files by which a process joins the group in each hierarchy. */
  filesOf(group: string): string[] {
    return this.hierarchies.map(({ v2, mount }) => join(mount, group, v2 ? 'cgroup.procs' : 'tasks'));
  }

  /** A shell that joins the group in every hierarchy before it runs `script`. */
  run(group: string, script: string) {
    const joining = this.filesOf(group)
      .map((file) => `echo 0 > ${file}`)
      .join(' && ');
    const child = spawn('/bin/sh', ['-c', `${joining} || exit 99\n${script}`], {
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    this.#children.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (chunk) => {
        output += chunk;
      });
    const ended = once(child, 'close').then(([status, signal]) => ({ status, signal, output }));
    return { child, ended };
  }

  /** Kill what runs, remove all groups; the hierarchies that have one still. */
  async clean(): Promise<string[]> {
    await killGroup(this.parent);
    for (const child of this.#children.splice(0)) {
      child.kill('SIGKILL');
      if (child.exitCode === null && child.signalCode === null) await once(child, 'exit');
    }
    await removeGroup(this.parent);
    return this.hierarchies.map(({ mount }) => join(mount, this.parent)).filter((path) => existsSync(path));
  }
}

/** Read again and again until there is a value. */
export async function until<T>(what: string, read: () => Promise<T | undefined> | T | undefined): Promise<T> {
  const deadline = Date.now() + DEADLINE_MS;
  for (;;) {
    const value = await read();
    if (value !== undefined) return value;
    if (Date.now() > deadline) throw new Error(`never came: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 2));
  }
}
