import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { readUsage } from '../../native/lib/cgroups.ts';
import { linkOf } from '../../server/network/firewall.ts';
import { guestPaths } from '../../server/runtime/guest-paths.ts';
import { pss, reasonOf, type Samples, summarize, timed } from './measure.ts';
import { leaseOf, type NativeRig, startNativeRig } from './native-rig.ts';
import { groupCleaner } from './peer-groups.ts';
import { manyLxc } from './peers-many.ts';

export interface ScaleResult {
  parallel: { lives: number; atOnce: number; errors: string[]; perSecond: number };
  guests: number;
  /** Starts of the 6th to the 15th, and of the last ten, ms. */
  starts: { first: Samples; last: Samples };
  counters: { first: number; wall: Samples; cpu: Samples };
  memory: { berth: GuestMemory; lxc: (GuestMemory & { guests: number }) | { failed: string } };
}

/** Bytes for each guest. */
interface GuestMemory {
  /** How much less the host has for others (MemAvailable of proc_meminfo(5)). */
  host: number;
  /** PSS of who holds it (supervisor, monitor). */
  holder: number;
  /** PSS of its init. */
  init: number;
}

const read = (file: string) => readFileSync(file, 'utf8');
const available = () => Number(/^MemAvailable:\s+(\d+) kB/m.exec(read('/proc/meminfo'))?.[1]) * 1024;
const COMMAND = ['/bin/sleep', '100000'];

/** Many at once, and many that stay: starts, counters and memory, beside LXC's. */
export async function benchScale(options: {
  dir: string;
  root: string;
  guests: number;
  lives: number;
  lxc: number;
}): Promise<ScaleResult> {
  const { dir, root, guests, lives } = options;
  await using rig = await startNativeRig(dir, root);
  using cleaning = new DisposableStack();
  cleaning.defer(groupCleaner());
  const atOnce = lives * cpus().length;
  const parallel = await liveAtOnce(rig, atOnce);
  const before = available();
  const times: number[] = [];
  const pids: { holder: number; init: number }[] = [];
  for (let number = 0; number < guests; number++) {
    times.push(
      await timed(async () => {
        const { supervisorPid, initPid } = await rig.start({ number, link: true, command: COMMAND });
        pids.push({ holder: supervisorPid, init: initPid });
      }),
    );
  }
  const counters = await countAll(rig, guests);
  const berth = memoryOf(before, pids);
  for (let number = 0; number < guests; number++) {
    await rig.kill(number);
    await rig.remove(number);
  }
  return {
    parallel,
    guests,
    starts: { first: summarize(times.slice(5, 15)), last: summarize(times.slice(-10)) },
    counters,
    memory: { berth, lxc: await lxcMemory({ dir, root, rig, count: options.lxc }) },
  };
}

async function liveAtOnce(rig: NativeRig, count: number): Promise<ScaleResult['parallel']> {
  const begun = performance.now();
  const lives = Array.from({ length: count }, async (_, number) => {
    await rig.start({ number, link: true, command: COMMAND });
    await rig.kill(number);
    await rig.remove(number);
  });
  const ended = await Promise.allSettled(lives);
  const seconds = (performance.now() - begun) / 1000;
  const errors = ended.flatMap((one) => (one.status === 'rejected' ? [reasonOf(one.reason)] : []));
  return { lives: count, atOnce: count, errors, perSecond: count / seconds };
}

/** All counters of all in one native call: the first, which opens the files, and then each second's. */
async function countAll(rig: NativeRig, count: number): Promise<ScaleResult['counters']> {
  const { instance } = rig;
  const asked = Array.from({ length: count }, (_, number) => ({
    group: guestPaths(instance, rig.idOf(number)).cgroup,
    link: linkOf(instance, leaseOf(number)),
  }));
  const first = await timed(() => readUsage(asked));
  const [wall, cpu]: [number[], number[]] = [[], []];
  for (let i = 0; i < 20; i++) {
    const before = process.cpuUsage();
    wall.push(
      await timed(async () => {
        const missing = (await readUsage(asked)).filter((one) => one === null).length;
        if (missing > 0) throw new Error(`${missing} guests have no counters`);
      }),
    );
    const { user, system } = process.cpuUsage(before);
    cpu.push((user + system) / 1000);
  }
  return { first, wall: summarize(wall), cpu: summarize(cpu) };
}

function memoryOf(before: number, pids: readonly { holder: number; init: number }[]): GuestMemory {
  const host = (before - available()) / pids.length;
  return {
    host,
    holder:
      pss(
        read,
        pids.map((one) => one.holder),
      ) / pids.length,
    init:
      pss(
        read,
        pids.map((one) => one.init),
      ) / pids.length,
  };
}

async function lxcMemory(options: {
  dir: string;
  root: string;
  rig: NativeRig;
  count: number;
}): Promise<ScaleResult['memory']['lxc']> {
  const { dir, root, rig, count } = options;
  try {
    execFileSync('lxc-start', ['--version']);
    const { bridge, ipv4 } = rig.instance;
    await using many = manyLxc({ dir, root, bridge, ipv4 });
    const before = available();
    for (let at = 0; at < count; at++) await many.start(at);
    return { guests: count, ...memoryOf(before, many.pids()) };
  } catch (error) {
    return { failed: reasonOf(error) };
  }
}
