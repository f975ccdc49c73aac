import type { StartStep } from '../../server/runtime/port.ts';
import { type FloorTimes, prepareFloor } from './floor.ts';
import { reasonOf, type Samples, summarize, timed } from './measure.ts';
import { type NativeRig, startNativeRig } from './native-rig.ts';
import { groupCleaner } from './peer-groups.ts';
import type { Peer, PeerPlace } from './peers.ts';

export interface NativeRow {
  name: string;
  /** What it does not do that Berth does. */
  without: string;
  /** Times, or why there are none. */
  result: Samples | { failed: string };
}

export interface NativeResult {
  rows: NativeRow[];
  /** Median ms of each phase of Berth's life, and of the floor's. */
  phases: { berth: Record<string, number>; floor: Record<string, number>; walled: Record<string, number> };
}

interface Racer {
  name: string;
  without: string;
  times: number[];
  failed: string | null;
  /** Resolves to its own ms where it takes them itself. */
  run(round: number): Promise<unknown>;
}

/** The runtime alone, no database and no server: make a guest of all walls, run `true`, clean. Peers and the floor take turns with it. */
export async function benchNative(options: {
  dir: string;
  root: string;
  peers: readonly Peer[];
  rounds: number;
}): Promise<NativeResult> {
  const { dir, root, peers, rounds } = options;
  await using rig = await startNativeRig(dir, root);
  await using cleaning = new AsyncDisposableStack();
  cleaning.defer(groupCleaner());
  // The first one makes what all share.
  await liveOnce(rig, { number: 1999, link: true }, () => undefined);
  const floor = await prepareFloor({ dir, root, instance: rig.instance });
  const phases = { berth: new Phases(), floor: new Phases(), walled: new Phases() };
  const racers: Racer[] = [
    racer('Berth', '-', (round) =>
      liveOnce(rig, { number: round, link: true }, (name, ms) => phases.berth.add(name, ms)),
    ),
    racer('Berth without a link', 'no link', (round) =>
      liveOnce(rig, { number: 500 + round, link: false }, () => undefined),
    ),
    racer('Berth, a daemon that is killed', '-', (round) => startAndKill(rig, 1000 + round)),
    racer('floor: bare system calls', 'no console, no IPv6, no seccomp, no masks', async () => {
      const times = await floor.bare();
      phases.floor.addAll(times);
      return times.total / 1000;
    }),
    racer('floor behind the same walls', 'no supervisor, its link left to the kernel', async () => {
      const times = await floor.walled();
      phases.walled.addAll(times);
      return times.total / 1000;
    }),
  ];
  const place: PeerPlace = { dir, root, bridge: rig.instance.bridge, ipv4: rig.instance.ipv4 };
  for (const peer of peers) {
    cleaning.defer(() => peer.clean?.(place));
    racers.push(racer(peer.name, peer.without, () => peer.run(place), prepared(peer, place)));
  }
  for (let round = 0; round < rounds; round++) for (const one of racers) await turn(one, round);
  return {
    rows: racers.map(({ name, without, times, failed }) => ({
      name,
      without,
      result: failed === null ? summarize(times) : { failed },
    })),
    phases: { berth: phases.berth.medians(), floor: phases.floor.medians(), walled: phases.walled.medians() },
  };
}

function racer(name: string, without: string, run: Racer['run'], failed: string | null = null): Racer {
  return { name, without, times: [], failed, run };
}

/** Why a peer cannot be made ready here; null when it is. */
function prepared(peer: Peer, place: PeerPlace): string | null {
  try {
    peer.prepare(place);
    return null;
  } catch (error) {
    return reasonOf(error);
  }
}

/** One turn; who fails once is out, with the reason. */
async function turn(one: Racer, round: number): Promise<void> {
  if (one.failed !== null) return;
  try {
    let own: unknown;
    const taken = await timed(async () => {
      own = await one.run(round);
    });
    one.times.push(typeof own === 'number' ? own : taken);
  } catch (error) {
    one.failed = reasonOf(error);
  }
}

/** A guest's whole life: its folders, all walls, `true`, and nothing left of it. Tells the ms of each part. */
async function liveOnce(
  rig: NativeRig,
  guest: { number: number; link: boolean },
  tell: (name: string, ms: number) => void,
): Promise<void> {
  const watch = stopwatch(tell);
  const exit = rig.ended(guest.number);
  const { stepped, add } = stepsOf(tell);
  await rig.start({ ...guest, command: ['/bin/true'], onStep: add });
  watch('make the folder, start', stepped);
  const { status, signal } = await exit;
  watch('run, end, remove groups and link');
  if (status !== 0) throw new Error(`true ended with ${signal ?? status}`);
  await rig.remove(guest.number);
  watch('remove files');
}

async function startAndKill(rig: NativeRig, number: number): Promise<void> {
  await rig.start({ number, link: true, command: ['/bin/sleep', '1000'] });
  await rig.kill(number);
  await rig.remove(number);
}

function stopwatch(tell: (name: string, ms: number) => void) {
  let last = performance.now();
  return (name: string, less: () => number = () => 0) => {
    const now = performance.now();
    tell(name, now - last - less());
    last = now;
  };
}

/** The supervisor's own steps: told one by one, and their sum. */
function stepsOf(tell: (name: string, ms: number) => void) {
  let sum = 0;
  return {
    stepped: () => sum,
    add: ({ name, micros }: StartStep) => {
      sum += micros / 1000;
      tell(`start: ${name}`, micros / 1000);
    },
  };
}

/** Times by name, in the order in which they came first. */
class Phases {
  readonly #times = new Map<string, number[]>();

  add(name: string, ms: number): void {
    const times = this.#times.get(name) ?? [];
    times.push(ms);
    this.#times.set(name, times);
  }

  addAll(micros: FloorTimes): void {
    for (const [name, value] of Object.entries(micros)) if (name !== 'total') this.add(name, value / 1000);
  }

  medians(): Record<string, number> {
    return Object.fromEntries([...this.#times].map(([name, times]) => [name, summarize(times).median]));
  }
}
