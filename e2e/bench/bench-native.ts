import { rmSync } from 'node:fs';
import path from 'node:path';
import { DEFAULT_ISOLATION } from '../../server/guest/isolation-schema.ts';
import { MORE_LIMITS } from '../../server/guest/schema.ts';
import { claimSlot } from '../../server/instance/claim-slot.ts';
import type { Instance } from '../../server/instance/instance.ts';
import { releaseSlot } from '../../server/instance/release-slot.ts';
import { removeCgroups } from '../../server/instance/remove-cgroups.ts';
import type { Runtime } from '../../server/runtime/create-runtime.ts';
import { createRuntime } from '../../server/runtime/create-runtime.ts';
import type { ExitRecord, GuestSpec } from '../../server/runtime/port.ts';
import { reasonOf, type Samples, summarize, timed } from './measure.ts';
import { groupCleaner } from './peer-groups.ts';
import type { Peer, PeerPlace } from './peers.ts';

const MiB = 1024 * 1024;

export interface NativeRow {
  name: string;
  /** What it does not do that Berth does. */
  without: string;
  /** Times, or why there are none. */
  result: Samples | { failed: string };
}

interface Racer {
  name: string;
  without: string;
  times: number[];
  failed: string | null;
  run(round: number): Promise<unknown>;
}

/** The runtime alone, no database and no server: make a guest of all walls, run `true`, clean. Peers take turns with it. */
export async function benchNative(options: {
  dir: string;
  root: string;
  peers: readonly Peer[];
  rounds: number;
}): Promise<NativeRow[]> {
  const { dir, root, peers, rounds } = options;
  // whatever fails on the way out does not keep the rest from being cleaned
  await using cleaning = new AsyncDisposableStack();
  const instance = await claimSlot(path.join(dir, 'native'));
  cleaning.defer(() => releaseSlot(instance));
  cleaning.defer(() => rmSync(instance.runDir, { recursive: true, force: true }));
  cleaning.defer(() => removeCgroups(instance));
  cleaning.defer(groupCleaner());
  const runtime = createRuntime({
    instance,
    onFault: (guest, error) => console.log(`  fault of ${guest}: ${reasonOf(error)}`),
  });
  cleaning.use(runtime);
  cleaning.defer(() => runtime.dropNetwork(instance.bridge));
  await runtime.ensureNetwork({ bridge: instance.bridge, ipv4: instance.ipv4, ipv6: instance.ipv6 });
  const place: PeerPlace = { dir, root, bridge: instance.bridge };
  const live = lifeOf(runtime, instance, root);
  const racers: Racer[] = [
    racer('Berth', '-', (round) => live(`bench${round}`, true)),
    racer('Berth without a link', 'no link', (round) => live(`alone${round}`, false)),
  ];
  for (const peer of peers) {
    cleaning.defer(() => peer.clean?.(place));
    racers.push(racer(peer.name, peer.without, () => peer.run(place), prepared(peer, place)));
  }
  for (let round = 0; round < rounds; round++) for (const one of racers) await turn(one, round);
  return racers.map(({ name, without, times, failed }) => ({
    name,
    without,
    result: failed === null ? summarize(times) : { failed },
  }));
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
    one.times.push(await timed(() => one.run(round)));
  } catch (error) {
    one.failed = reasonOf(error);
  }
}

/** A guest's whole life: its folders, all walls, `true`, and nothing left of it. */
function lifeOf(runtime: Runtime, instance: Instance, imageRoot: string) {
  const waiting = new Map<string, (exit: ExitRecord) => void>();
  runtime.onGuestExit((exit) => waiting.get(exit.id)?.(exit));
  const [ipv4, ipv6] = [instance.ipv4.replace('.0/20', ''), instance.ipv6.replace('::/64', '')];
  const network = (id: string): GuestSpec['network'] => ({
    bridge: instance.bridge,
    link: `${instance.linkPrefix}${id}`,
    mac: '02:00:00:00:00:07',
    ipv4: `${ipv4}.7/20`,
    ipv4Gateway: `${ipv4}.1`,
    ipv6: `${ipv6}::7/64`,
    ipv6Gateway: `${ipv6}::1`,
  });
  return async (id: string, withLink: boolean): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<ExitRecord>();
    waiting.set(id, resolve);
    const guestDir = await runtime.createGuestDir(id);
    await runtime.startGuest({
      id,
      hostname: id,
      kind: 'application',
      imageRoot,
      guestDir,
      command: ['/bin/true'],
      environment: { PATH: '/bin' },
      workdir: '/',
      idBase: instance.idBase,
      user: null,
      isolation: { ...DEFAULT_ISOLATION, namespaces: [], lxcfsRoot: null },
      hooks: [],
      limits: { ...MORE_LIMITS, cpu: 1, memory: 256 * MiB, swap: 0, pids: 512 },
      network: withLink ? network(id) : null,
      resolvConf: null,
      stopSignal: 'SIGTERM',
      stopTimeoutMs: 1000,
    });
    const exit = await promise;
    if (exit.status !== 0) throw new Error(`true ended with ${exit.signal ?? exit.status}`);
    await runtime.cleanGuest(id);
    await runtime.removeGuestDir(id);
  };
}
