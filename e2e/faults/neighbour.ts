import { execFile, execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import type { GuestView } from '../../server/guest/schema.ts';
import type { AcknowledgingClient } from '../oracle/acknowledging-client.ts';
import { FaultServer } from './fault-server.ts';

const MiB = 1024 * 1024;
/** Of the page that the neighbour serves. */
const PAGE = '<h1>It serves</h1>';
const MOST_OUTPUT = 64 * MiB;
/** Requests a second: a twentieth or so of what the web server can do on a core. */
const RATE = 200;
const run = promisify(execFile);

/** What a guest does to everybody, as root of its own, with the limits of a guest that nobody has set any for. */
const ATTACKS: readonly { name: string; script: string }[] = [
  { name: 'fork bomb', script: 'b() { b | b & }; while :; do b 2>/dev/null; sleep 0.1; done' },
  // tail keeps a line until it ends, which this one never does.
  { name: 'out of memory', script: 'while :; do tail /dev/zero; done' },
  {
    name: 'inode fill',
    script:
      'while :; do mkdir -p /tmp/f; i=0; while [ $i -lt 20000 ]; do : >/tmp/f/$i; i=$((i+1)); done; rm -rf /tmp/f; done',
  },
  { name: 'console flood', script: 'exec yes 0123456789012345678901234567890123456789' },
];

export interface Latency {
  answers: number;
  failures: number;
  /** ms: of each window, and of these the median. */
  median: number;
  p99: number;
  /** Share of the processors' time that the host of a virtual machine took away meanwhile. */
  stolen: number;
}
export interface NeighbourRow extends Latency {
  /** What the other guest did meanwhile. */
  meanwhile: string;
  /** The same, of the windows in between: like is compared with like. */
  still: Latency;
  /** p99 of each window, ms: one without, one with, and so on. */
  windows: number[];
}
type Times = readonly (number | null)[];
interface Window {
  times: Times;
  stolen: number;
}

/**
 * How long a web server in one guest takes to answer while another guest misbehaves: so many windows of so many seconds for each attack, each
 * between two as long without. The client asks at a steady rate and stands for one on another host: `realtime` keeps what this one is busy with away from it.
 * What the oracles found in the end comes as lines.
 */
export async function measureNeighbour(options: {
  seconds: number;
  windows?: number;
  /** Names of attacks; all of them otherwise. */
  only?: readonly string[];
  /** Share of the processor of the one that answers; 100 is everybody's. */
  weight?: number;
  /** Cores that the other one may use; the default is a new guest's. */
  cpu?: number;
  /** How often a second it is asked; 0: again as soon as it has answered, which takes all that the processors have left. */
  rate?: number;
  /** Measure with a client that comes before everybody (SCHED_FIFO): a busy host does not make it late. */
  realtime?: boolean;
  told?: (row: NeighbourRow) => void;
}): Promise<{ rows: NeighbourRow[]; faults: string[] }> {
  await using server = await FaultServer.make();
  const { client } = server;
  const rows: NeighbourRow[] = [];
  const [kind, start] = ['application', { start: true, wait: true }];
  const { seconds, windows = 1, weight: cpuWeight = 100, cpu, rate = RATE } = options;
  const limits = { memory: 64 * MiB, cpuWeight };
  const attackers: object = cpu === undefined ? {} : { cpu };
  await done(client, 'guest.create', { name: 'good', kind, command: ['/sbin/serve'], limits, ...start });
  const address = (await client.query<GuestView>('guest.get', { guest: 'good' })).addresses.ipv4 ?? '';
  const program = path.join(server.folder, 'ask');
  execFileSync('cc', ['-O1', '-o', program, path.join(import.meta.dirname, 'ask.c')]);
  const asking = options.realtime ? ['chrt', '--fifo', '1', program] : [program];
  const asked = (ms: number) => ask([...asking, address, `${ms}`, PAGE, `${rate}`]);
  await answering(() => asked(1));
  const window = async (): Promise<Window> => {
    const before = processorTimes();
    const times = await asked(seconds * 1000);
    const after = processorTimes();
    return { times, stolen: (after.stolen - before.stolen) / Math.max(1, after.all - before.all) };
  };
  await window();
  for (const { name, script } of ATTACKS) {
    if (options.only && !options.only.includes(name)) continue;
    const still = [await window()];
    const during: Window[] = [];
    while (during.length < windows) {
      const command = ['/bin/sh', '-c', script];
      await done(client, 'guest.create', { name: 'bad', kind, command, limits: attackers, ...start });
      during.push(await window());
      await done(client, 'guest.delete', { guest: 'bad', force: true, wait: true });
      still.push(await window());
    }
    const row = {
      meanwhile: name,
      ...latency(during),
      still: latency(still),
      windows: inTurn(still, during),
    };
    rows.push(row);
    options.told?.(row);
  }
  return { rows, faults: await server.judge() };
}

async function done(
  client: AcknowledgingClient,
  ...[procedure, input]: Parameters<AcknowledgingClient['change']>
): Promise<void> {
  const outcome = await client.change(procedure, input);
  if (outcome.kind !== 'acknowledged' || outcome.status !== 'done')
    throw new Error(`${procedure} ${JSON.stringify(input)}: ${JSON.stringify(outcome)}`);
}

async function answering(asked: () => Promise<Times>): Promise<void> {
  const until = performance.now() + 30_000;
  while ((await asked()).includes(null))
    if (performance.now() > until) throw new Error('the neighbour does not answer');
}

/** ms of each answer, one after the other; null: none. */
async function ask([command = '', ...words]: string[]): Promise<Times> {
  const { stdout } = await run(command, words, { maxBuffer: MOST_OUTPUT });
  return stdout
    .split('\n')
    .filter(Boolean)
    .map(Number)
    .map((micros) => (micros < 0 ? null : micros / 1000));
}

function latency(windows: readonly Window[]): Latency {
  const times = windows.flatMap((window) => window.times);
  const answers = times.filter((time) => time !== null).length;
  const middle = (of: (window: Window) => number) => at(0.5, windows.map(of));
  return {
    answers,
    failures: times.length - answers,
    median: middle((window) => at(0.5, window.times)),
    p99: middle((window) => at(0.99, window.times)),
    stolen: middle(({ stolen }) => stolen),
  };
}

/** What so large a share of them is at the most. */
function at(share: number, times: Times): number {
  const sorted = times.filter((time) => time !== null).toSorted((one, other) => one - other);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
}

function inTurn(still: readonly Window[], during: readonly Window[]): number[] {
  return still.flatMap((window, turn) =>
    [window, ...during.slice(turn, turn + 1)].map(({ times }) => at(0.99, times)),
  );
}

/** Ticks since boot, of all processors: proc_stat(5), whose eighth number is what was stolen. */
function processorTimes(): { all: number; stolen: number } {
  const [line = ''] = readFileSync('/proc/stat', 'utf8').split('\n');
  const numbers = line.split(/ +/).slice(1, 9).map(Number);
  return { all: numbers.reduce((sum, one) => sum + one, 0), stolen: numbers[7] ?? 0 };
}
