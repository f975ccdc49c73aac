import path from 'node:path';
import { claimSlot } from '../../server/instance/claim-slot.ts';
import { releaseSlot } from '../../server/instance/release-slot.ts';
import { createRuntime } from '../../server/runtime/create-runtime.ts';
import type { ExitRecord, GuestSpec } from '../../server/runtime/port.ts';
import { type Samples, summarize, timed } from './measure.ts';
import type { Peer } from './peers.ts';

const MiB = 1024 * 1024;

export interface NativeRow {
  name: string;
  /** What a peer does not do that Berth does. */
  without: string;
  samples: Samples;
}

/** The runtime alone, no database and no server: make a guest of all walls and a network, run `true`, clean. Peers take turns with it. */
export async function benchNative(options: {
  dir: string;
  root: string;
  peers: readonly Peer[];
  rounds: number;
}): Promise<NativeRow[]> {
  const { dir, root, peers, rounds } = options;
  const instance = await claimSlot(path.join(dir, 'native'));
  const runtime = createRuntime({
    instance,
    onFault: (guest, error) => console.log(`  fault of ${guest}: ${error}`),
  });
  const waiting = new Map<string, (exit: ExitRecord) => void>();
  runtime.onGuestExit((exit) => waiting.get(exit.id)?.(exit));
  const network = { bridge: instance.bridge, ipv4: instance.ipv4, ipv6: instance.ipv6 };
  await runtime.ensureNetwork(network);
  const [ipv4, ipv6] = [instance.ipv4.replace('.0/20', ''), instance.ipv6.replace('::/64', '')];

  async function life(id: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<ExitRecord>();
    waiting.set(id, resolve);
    const guestDir = await runtime.createGuestDir(id);
    const spec: GuestSpec = {
      id,
      hostname: id,
      kind: 'application',
      imageRoot: root,
      guestDir,
      command: ['/bin/true'],
      environment: { PATH: '/bin' },
      workdir: '/',
      idBase: instance.idBase,
      limits: { cpu: 1, memory: 256 * MiB, swap: 0, pids: 512 },
      network: {
        bridge: instance.bridge,
        link: `${instance.linkPrefix}${id}`,
        mac: '02:00:00:00:00:07',
        ipv4: `${ipv4}.7/20`,
        ipv4Gateway: `${ipv4}.1`,
        ipv6: `${ipv6}::7/64`,
        ipv6Gateway: `${ipv6}::1`,
      },
      resolvConf: null,
      stopSignal: 'SIGTERM',
      stopTimeoutMs: 1000,
    };
    await runtime.startGuest(spec);
    const exit = await promise;
    if (exit.status !== 0) throw new Error(`true ended with ${exit.signal ?? exit.status}`);
    await runtime.removeGuestDir(id);
  }

  const times = new Map<string, number[]>([
    ['Berth', []],
    ...peers.map((peer): [string, number[]] => [peer.name, []]),
  ]);
  try {
    for (const peer of peers) peer.prepare(dir, root);
    for (let round = 0; round < rounds; round++) {
      times.get('Berth')?.push(await timed(() => life(`bench${round}`)));
      for (const peer of peers) times.get(peer.name)?.push(await timed(() => peer.run(dir)));
    }
  } finally {
    await runtime.dropNetwork(instance.bridge);
    releaseSlot(instance);
  }
  const row = (name: string, without: string): NativeRow => ({
    name,
    without,
    samples: summarize(times.get(name) ?? []),
  });
  return [row('Berth', '-'), ...peers.map((peer) => row(peer.name, peer.without))];
}
