import { closeSync, constants, openSync, readSync } from 'node:fs';
import { join } from 'node:path';
import { type ControllerMount, controllerMounts, KernelFile, keyedNumber } from './kernel-file.ts';
import type { GuestKernelEvent } from './port.ts';

const TICK_MS = 100;
/** What follows the first event of a kind within this time is told with the next one. */
const QUIET_MS = 3000;
/** Guests that are looked at per tick; where more are near their limits, they take turns. */
const MOST_PER_TICK = 128;
/** A guest that was not near its quota for so many ticks is looked at no more until it is. */
const COLD_TICKS = 40;

interface Watched {
  /** Its quota of CPU per period, µs; null before the first look, Infinity without one. */
  quota: number | null;
  period: number;
  cpu: KernelFile | null;
  pids: KernelFile | null;
  /** Whether a fork of it was ever refused: then more may be. */
  refusing: boolean;
  cold: number;
  throttled: Count;
  refused: Count;
}

interface Count {
  told: number;
  quietUntil: number;
}

export interface LimitWatchOptions {
  /** Below each hierarchy's mount: `berth0/guests`. */
  parent: string;
  onEvent: (event: GuestKernelEvent) => void;
}

/**
 * Tells of throttling, and of refused forks on v1, which the kernel gives no notice of. Ten times a second it reads one
 * number: the CPU time of all guests together. Only a guest that could have used up its quota with that is looked at.
 * A fork that v1 refuses is found in the kernel's log, which names the group once; such a group is looked at from then on.
 */
export class LimitWatch implements Disposable {
  readonly #options: LimitWatchOptions;
  readonly #guests = new Map<string, Watched>();
  readonly #cpu: ControllerMount | undefined;
  readonly #pidsV1: ControllerMount | undefined;
  /** CPU time of all guests in each of the last ticks, µs. */
  readonly #used: number[] = [];
  #total: { file: KernelFile; last: number } | null = null;
  #log: number | null = null;
  #timer: NodeJS.Timeout | null = null;
  #turn = 0;

  constructor(options: LimitWatchOptions) {
    this.#options = options;
    const mounts = controllerMounts();
    this.#cpu = mounts.get('cpu');
    const pids = mounts.get('pids');
    this.#pidsV1 = pids && !pids.v2 ? pids : undefined;
  }

  /** `ranBefore`: what happened to it until now is not news. */
  add(id: string, { ranBefore }: { ranBefore: boolean }): void {
    const count = { told: 0, quietUntil: 0 };
    const guest: Watched = {
      quota: null,
      period: 0,
      cpu: null,
      pids: null,
      refusing: ranBefore,
      cold: 0,
      throttled: { ...count },
      refused: { ...count },
    };
    this.#guests.set(id, guest);
    if (ranBefore) {
      this.#look(id, guest, () => undefined);
      guest.refusing = guest.refused.told > 0;
    }
    if (this.#pidsV1) this.#log ??= openLog();
    this.#timer ??= setInterval(() => this.#tick(), TICK_MS).unref();
  }

  remove(id: string): void {
    const guest = this.#guests.get(id);
    if (guest) letGo(guest);
    this.#guests.delete(id);
    if (this.#guests.size === 0) this[Symbol.dispose]();
  }

  /** Its limits have changed: they are read anew. */
  changed(id: string): void {
    const guest = this.#guests.get(id);
    if (guest) guest.quota = null;
  }

  [Symbol.dispose](): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#total?.file[Symbol.dispose]();
    this.#total = null;
    if (this.#log !== null) closeSync(this.#log);
    this.#log = null;
    for (const guest of this.#guests.values()) letGo(guest);
    this.#guests.clear();
  }

  #tick(): void {
    this.#readLog();
    this.#used.unshift(this.#usedSince());
    this.#used.length = Math.min(this.#used.length, 12);
    const used = sums(this.#used);
    const near: [string, Watched][] = [];
    // Ten times a second over all guests: nothing is made for those that are far from their limits.
    this.#guests.forEach((guest, id) => {
      if (guest.refusing || isNear(guest, used)) near.push([id, guest]);
    });
    const from = near.length > MOST_PER_TICK ? this.#turn % near.length : 0;
    this.#turn += MOST_PER_TICK;
    for (const [id, guest] of [...near, ...near].slice(from, from + Math.min(near.length, MOST_PER_TICK))) {
      this.#look(id, guest);
    }
  }

  /** CPU time that all guests used since the last tick, µs; 0 where the host does not count it. */
  #usedSince(): number {
    if (!this.#cpu) return 0;
    this.#total ??= this.#openTotal();
    const text = this.#total?.file.read();
    if (!this.#total || text === null || text === undefined) return 0;
    const now = text.includes('usage_usec') ? keyedNumber(text, 'usage_usec') : Number(text) / 1000;
    const used = now - this.#total.last;
    this.#total.last = now;
    return used;
  }

  #openTotal(): { file: KernelFile; last: number } | null {
    const { parent } = this.#options;
    const mounts = controllerMounts();
    const account = mounts.get('cpuacct') ?? mounts.get('cpu');
    if (!account) return null;
    const file = open(join(account.mount, parent, account.v2 ? 'cpu.stat' : 'cpuacct.usage'));
    const text = file?.read();
    if (!file || text === null || text === undefined) return null;
    return { file, last: account.v2 ? keyedNumber(text, 'usage_usec') : Number(text) / 1000 };
  }

  #look(id: string, guest: Watched, tell = this.#options.onEvent): void {
    if (guest.quota === null) this.#readQuota(id, guest);
    if (this.#cpu && guest.quota !== Number.POSITIVE_INFINITY) {
      const { mount, v2 } = this.#cpu;
      guest.cpu ??= open(join(mount, this.#options.parent, id, 'cpu.stat'));
      const text = guest.cpu?.read();
      if (text) {
        const micros = v2 ? keyedNumber(text, 'throttled_usec') : keyedNumber(text, 'throttled_time') / 1000;
        note(guest.throttled, Math.round(micros), (count, at) => tell({ id, at, kind: 'throttled', count }));
      }
    }
    if (this.#pidsV1 && guest.refusing) {
      guest.pids ??= open(join(this.#pidsV1.mount, this.#options.parent, id, 'pids.events'));
      const text = guest.pids?.read();
      if (text)
        note(guest.refused, keyedNumber(text, 'max'), (count, at) =>
          tell({ id, at, kind: 'pids-refused', count }),
        );
    }
  }

  #readQuota(id: string, guest: Watched): void {
    const group = this.#cpu && join(this.#cpu.mount, this.#options.parent, id);
    const read = (name: string) => {
      using file = group === undefined ? null : open(join(group, name));
      return file?.read()?.trim() ?? '';
    };
    const [quota, period] = this.#cpu?.v2
      ? read('cpu.max').split(' ')
      : [read('cpu.cfs_quota_us'), read('cpu.cfs_period_us')];
    const micros = Number(quota);
    guest.quota = micros > 0 ? micros : Number.POSITIVE_INFINITY;
    guest.period = Number(period) || 0;
  }

  /** The kernel's log names each v1 group whose first fork it refused. */
  #readLog(): void {
    if (this.#log === null) return;
    for (let text = nextLine(this.#log); text !== null; text = nextLine(this.#log)) {
      const path = /fork rejected by pids controller in \/(\S+)/.exec(text)?.[1];
      const { parent } = this.#options;
      if (!path?.startsWith(`${parent}/`)) continue;
      const guest = this.#guests.get(path.slice(parent.length + 1).split('/')[0] ?? '');
      if (guest) guest.refusing = true;
    }
  }
}

/** Of the first 0, 1, 2 … values. */
function sums(values: readonly number[]): number[] {
  let sum = 0;
  return [0, ...values.map((value) => (sum += value))];
}

/**
 * Whether it could have used up its quota: all guests together used as much within one of its periods. `used`: CPU time
 * of all in the last 0, 1, 2 … ticks, µs.
 */
function isNear(guest: Watched, used: readonly number[]): boolean {
  if (guest.quota === null) return true;
  const ticks = Math.ceil(guest.period / 1000 / TICK_MS) + 1;
  const within = used[Math.min(ticks, used.length - 1)] ?? 0;
  if (within >= guest.quota) guest.cold = 0;
  else if (++guest.cold >= COLD_TICKS) {
    guest.cold = COLD_TICKS;
    guest.cpu?.[Symbol.dispose]();
    guest.cpu = null;
    return false;
  }
  return true;
}

/** Tell how much more there is since it was told last, unless that was just now. */
function note(count: Count, value: number, tell: (more: number, at: string) => void): void {
  const now = Date.now();
  if (value <= count.told || now < count.quietUntil) return;
  const more = value - count.told;
  count.told = value;
  count.quietUntil = now + QUIET_MS;
  tell(more, new Date(now).toISOString());
}

function letGo(guest: Watched): void {
  guest.cpu?.[Symbol.dispose]();
  guest.pids?.[Symbol.dispose]();
}

function open(path: string): KernelFile | null {
  try {
    return new KernelFile(path);
  } catch {
    // The guest has just ended.
    return null;
  }
}

/** /dev/kmsg from its beginning: it says too what was refused while no server was there. null where it is not to be read. */
function openLog(): number | null {
  try {
    return openSync('/dev/kmsg', constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return null;
  }
}

const LINE = Buffer.alloc(8192);

function nextLine(log: number): string | null {
  for (;;) {
    try {
      return LINE.toString('latin1', 0, readSync(log, LINE));
    } catch (error) {
      // EPIPE: lines were overwritten before they were read; the next read goes on after them.
      if (error instanceof Error && 'code' in error && error.code === 'EPIPE') continue;
      return null;
    }
  }
}
