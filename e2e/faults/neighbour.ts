import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { get } from 'node:http';
import type { GuestView } from '../../server/guest/schema.ts';
import type { AcknowledgingClient } from '../oracle/acknowledging-client.ts';
import { FaultServer } from './fault-server.ts';

const MiB = 1024 * 1024;
/** ms for one answer of the neighbour; a longer one counts as none. */
const PATIENCE_MS = 10_000;

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
 * between two as long without. The client stands for one on another host: `realtime` keeps what this one is busy with away from it.
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
  /** Measure with a client that comes before everybody (SCHED_FIFO): a busy host does not make it late. */
  realtime?: boolean;
  told?: (row: NeighbourRow) => void;
}): Promise<{ rows: NeighbourRow[]; faults: string[] }> {
  await using server = await FaultServer.make();
  const { client } = server;
  const rows: NeighbourRow[] = [];
  const [kind, run] = ['application', { start: true, wait: true }];
  const { seconds, windows = 1, weight: cpuWeight = 100, cpu } = options;
  const limits = { memory: 64 * MiB, cpuWeight };
  const attackers: object = cpu === undefined ? {} : { cpu };
  await done(client, 'guest.create', { name: 'good', kind, command: ['/sbin/serve'], limits, ...run });
  const address = (await client.query<GuestView>('guest.get', { guest: 'good' })).addresses.ipv4 ?? '';
  await answering(address);
  if (options.realtime) execFileSync('chrt', ['--fifo', '--all-tasks', '--pid', '1', `${process.pid}`]);
  const window = async (): Promise<Window> => {
    const before = processorTimes();
    const times = await asked(address, seconds * 1000);
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
      await done(client, 'guest.create', { name: 'bad', kind, command, limits: attackers, ...run });
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

async function answering(address: string): Promise<void> {
  const until = performance.now() + 30_000;
  while (!(await ask(address))) if (performance.now() > until) throw new Error(`${address} does not answer`);
}

/** ms of each, one after the other, a connection each; null: no answer. */
async function asked(address: string, ms: number): Promise<(number | null)[]> {
  const times: (number | null)[] = [];
  const until = performance.now() + ms;
  while (performance.now() < until) {
    const began = performance.now();
    times.push((await ask(address)) ? performance.now() - began : null);
  }
  return times;
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

/** Whether the neighbour's own page came back. */
function ask(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const request = get({ host, path: '/index.html', agent: false, timeout: PATIENCE_MS }, (response) => {
      let body = '';
      response.setEncoding('utf8');
      response.on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => resolve(body.includes('<h1>It serves</h1>')));
      response.on('error', () => resolve(false));
    });
    request.on('timeout', () => request.destroy());
    request.on('error', () => resolve(false));
  });
}
