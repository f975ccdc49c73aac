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

export interface NeighbourRow {
  /** What the other guest did meanwhile. */
  meanwhile: string;
  answers: number;
  failures: number;
  /** ms. */
  median: number;
  p99: number;
}

/**
 * How long a web server in one guest takes to answer while another guest misbehaves, for so many seconds each: before, during each
 * attack, and afterwards. What the oracles found in the end comes as lines.
 */
export async function measureNeighbour(options: {
  seconds: number;
  told?: (row: NeighbourRow) => void;
}): Promise<{ rows: NeighbourRow[]; faults: string[] }> {
  await using server = await FaultServer.make();
  const { client } = server;
  const rows: NeighbourRow[] = [];
  const measure = async (meanwhile: string) => {
    const row = { meanwhile, ...(await latencies(address, options.seconds * 1000)) };
    rows.push(row);
    options.told?.(row);
  };
  const [kind, run] = ['application', { start: true, wait: true }];
  const limits = { memory: 64 * MiB };
  await done(client, 'guest.create', { name: 'good', kind, command: ['/sbin/serve'], limits, ...run });
  const address = (await client.query<GuestView>('guest.get', { guest: 'good' })).addresses.ipv4 ?? '';
  await answering(address);
  await measure('nothing, before');
  for (const { name, script } of ATTACKS) {
    const command = ['/bin/sh', '-c', script];
    await done(client, 'guest.create', { name: 'bad', kind, command, ...run });
    await measure(name);
    await done(client, 'guest.delete', { guest: 'bad', force: true, wait: true });
  }
  await measure('nothing, afterwards');
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

/** One after the other, a connection each. */
async function latencies(address: string, ms: number): Promise<Omit<NeighbourRow, 'meanwhile'>> {
  const times: number[] = [];
  let failures = 0;
  const until = performance.now() + ms;
  while (performance.now() < until) {
    const began = performance.now();
    if (await ask(address)) times.push(performance.now() - began);
    else failures += 1;
  }
  times.sort((one, other) => one - other);
  const at = (share: number) => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return { answers: times.length, failures, median: at(0.5), p99: at(0.99) };
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
