import { closeSync, openSync, readFileSync, readSync } from 'node:fs';
import { join } from 'node:path';

/** Where this host has a controller, and whether that hierarchy is v2. */
export interface ControllerMount {
  mount: string;
  v2: boolean;
}

/** The hierarchy of each controller, as /proc/self/mountinfo has them (proc(5)); v2's controllers are in its root. */
export function controllerMounts(
  mountinfo: string = readFileSync('/proc/self/mountinfo', 'utf8'),
  controllersOf = (mount: string) => readFileSync(join(mount, 'cgroup.controllers'), 'utf8'),
): Map<string, ControllerMount> {
  const found = new Map<string, ControllerMount>();
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const mount = before.split(' ')[4];
    const [type, , options = ''] = after.split(' ');
    if (mount === undefined || (type !== 'cgroup' && type !== 'cgroup2')) continue;
    const v2 = type === 'cgroup2';
    const names = v2 ? controllersOf(mount).trim().split(' ') : options.split(',');
    for (const name of names) if (!found.has(name)) found.set(name, { mount, v2 });
  }
  return found;
}

/** A small file of the kernel that is read again and again from one descriptor. */
export class KernelFile implements Disposable {
  readonly #fd: number;
  static readonly #text = Buffer.alloc(4096);

  /** Throws what open(2) says. */
  constructor(path: string) {
    this.#fd = openSync(path, 'r');
  }

  /** What it says now; null when its group has gone. */
  read(): string | null {
    try {
      const length = readSync(this.#fd, KernelFile.#text, 0, KernelFile.#text.length, 0);
      return KernelFile.#text.toString('latin1', 0, length);
    } catch {
      return null;
    }
  }

  [Symbol.dispose](): void {
    closeSync(this.#fd);
  }
}

/** The number behind `key` in lines of `key value`; 0 when there is none. Pure. */
export function keyedNumber(text: string, key: string): number {
  return Number(new RegExp(`^${key} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);
}
