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
  /** ms. */
  median: number;
  p99: number;
}
export interface NeighbourRow extends Latency {
  /** What the other guest did meanwhile. */
  meanwhile: string;
  /** The same, of the time just before and just after: like is compared with like. */
  still: Latency;
}

/**
 * How long a web server in one guest takes to answer while another guest misbehaves, for so many seconds, and half of that before and
 * after each attack. What the oracles found in the end comes as lines.
 */
export async function measureNeighbour(options: {
  seconds: number;
  /** Share of the processor of the one that answers; 100 is everybody's. */
  weight?: number;
  /** Cores that the other one may use; the default is a new guest's. */
  cpu?: number;
  told?: (row: NeighbourRow) => void;
}): Promise<{ rows: NeighbourRow[]; faults: string[] }> {
  await using server = await FaultServer.make();
  const { client } = server;
  const rows: NeighbourRow[] = [];
  const [kind, run] = ['application', { start: true, wait: true }];
  const { seconds, weight: cpuWeight = 100, cpu } = options;
  const limits = { memory: 64 * MiB, cpuWeight };
  const attackers: object = cpu === undefined ? {} : { cpu };
  await done(client, 'guest.create', { name: 'good', kind, command: ['/sbin/serve'], limits, ...run });
  const address = (await client.query<GuestView>('guest.get', { guest: 'good' })).addresses.ipv4 ?? '';
  await answering(address);
  const half = () => asked(address, seconds * 500);
  await half();
  for (const { name, script } of ATTACKS) {
    const before = await half();
    const command = ['/bin/sh', '-c', script];
    await done(client, 'guest.create', {
      name: 'bad',
      kind,
      command,
      limits: attackers,
      ...run,
    });
    const during = await asked(address, seconds * 1000);
    await done(client, 'guest.delete', { guest: 'bad', force: true, wait: true });
    const row = { meanwhile: name, ...latency(during), still: latency([...before, ...(await half())]) };
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

function latency(times: readonly (number | null)[]): Latency {
  const answers = times.filter((time) => time !== null).toSorted((one, other) => one - other);
  const at = (share: number) =>
    answers[Math.min(answers.length - 1, Math.floor(answers.length * share))] ?? 0;
  const failures = times.length - answers.length;
  return { answers: answers.length, failures, median: at(0.5), p99: at(0.99) };
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
