import { readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { DEFAULT_ISOLATION } from '../../server/guest/isolation-schema.ts';
import { MORE_LIMITS } from '../../server/guest/schema.ts';
import { claimSlot } from '../../server/instance/claim-slot.ts';
import { IDS_PER_GUEST, type Instance } from '../../server/instance/instance.ts';
import { releaseSlot } from '../../server/instance/release-slot.ts';
import { removeCgroups, supervisorsEnd } from '../../server/instance/remove-cgroups.ts';
import { dropScript, guestsScript, linkOf, networkScript } from '../../server/network/firewall.ts';
import { addressesOf, gatewayOf, prefixesOf } from '../../server/network/leases.ts';
import { createRuntime, type Runtime } from '../../server/runtime/create-runtime.ts';
import type { ExitRecord, GuestSpec, RunningGuest, StartStep } from '../../server/runtime/port.ts';
import { reasonOf } from './measure.ts';

const MiB = 1024 * 1024;
const NUMBERS = 2048;

export interface RigGuest {
  /** 0 to 2047: names it, and its ids and addresses follow from it. */
  number: number;
  link: boolean;
  command: readonly string[];
  onStep?: (step: StartStep) => void;
}

/** The runtime in an instance of its own, without a server or a database. Disposing leaves nothing on the host. */
export interface NativeRig extends AsyncDisposable {
  instance: Instance;
  runtime: Runtime;
  idOf(number: number): string;
  /** Make the folder and start. */
  start(guest: RigGuest): Promise<RunningGuest>;
  /** Resolves with how it ended, by itself or otherwise. Ask before it can have ended. */
  ended(number: number): Promise<ExitRecord>;
  kill(number: number): Promise<void>;
  /** What an ended one leaves. */
  remove(number: number): Promise<void>;
}

/** `dir`: where the data folder goes; `root`: the image of all. */
export async function startNativeRig(dir: string, root: string): Promise<NativeRig> {
  // whatever fails on the way out does not keep the rest from being cleaned
  await using cleaning = new AsyncDisposableStack();
  const instance = await claimSlot(path.join(dir, 'native'));
  cleaning.defer(() => releaseSlot(instance));
  cleaning.defer(() => rmSync(instance.runDir, { recursive: true, force: true }));
  cleaning.defer(() => removeCgroups(instance));
  cleaning.defer(() => supervisorsEnd(instance));
  const runtime = createRuntime({
    instance,
    onFault: (guest, error) => console.log(`  fault of ${guest}: ${reasonOf(error)}`),
  });
  cleaning.use(runtime);
  cleaning.defer(() => runtime.dropNetwork(instance.bridge));
  cleaning.defer(() => runtime.applyFirewall(dropScript(instance)));
  const started = new Set<number>();
  cleaning.defer(async () => {
    for (const number of started) {
      await runtime.stopGuest(idOf(number), { timeoutMs: 0, force: true });
      await runtime.removeGuestDir(idOf(number));
    }
  });
  const [gateway, prefixes] = [gatewayOf(instance), prefixesOf(instance)];
  await runtime.ensureNetwork({
    bridge: instance.bridge,
    ipv4: `${gateway.ipv4}/${prefixes.ipv4}`,
    ipv6: `${gateway.ipv6}/${prefixes.ipv6}`,
  });
  const bridgeMac = readFileSync(`/sys/class/net/${instance.bridge}/address`, 'utf8').trim();
  const linked = Array.from({ length: NUMBERS }, (_, number) => ({
    lease: leaseOf(number),
    mac: macOf(number),
  }));
  // The walls of all links, as they are while guests run.
  await runtime.applyFirewall(networkScript(instance, { bridgeMac }) + guestsScript(instance, linked));
  const waiting = new Map<string, (exit: ExitRecord) => void>();
  runtime.onGuestExit((exit) => waiting.get(exit.id)?.(exit));
  const specOf = (guest: RigGuest, guestDir: string) => specFor(instance, root, { ...guest, guestDir });
  const owned = cleaning.move();
  return {
    instance,
    runtime,
    idOf,
    start: async (guest) => {
      const guestDir = await runtime.createGuestDir(idOf(guest.number));
      started.add(guest.number);
      return runtime.startGuest(specOf(guest, guestDir), guest.onStep);
    },
    ended: (number) => new Promise((resolve) => waiting.set(idOf(number), resolve)),
    kill: async (number) => {
      await runtime.stopGuest(idOf(number), { timeoutMs: 0, force: true });
    },
    remove: async (number) => {
      await runtime.removeGuest(idOf(number));
      started.delete(number);
    },
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

const idOf = (number: number) => `bench${number}`;

function specFor(instance: Instance, root: string, guest: RigGuest & { guestDir: string }): GuestSpec {
  const { number } = guest;
  const id = idOf(number);
  return {
    id,
    hostname: id,
    kind: 'application',
    imageRoot: root,
    guestDir: guest.guestDir,
    command: [...guest.command],
    environment: { PATH: '/bin' },
    workdir: '/',
    idBase: instance.idBase + number * IDS_PER_GUEST,
    user: null,
    isolation: { ...DEFAULT_ISOLATION, namespaces: [], lxcfsRoot: null },
    hooks: [],
    limits: { ...MORE_LIMITS, cpu: 1, memory: 256 * MiB, swap: 0, pids: 512 },
    network: guest.link ? networkOf(instance, number) : null,
    resolvConf: null,
    stopSignal: 'SIGTERM',
    stopTimeoutMs: 1000,
  };
}

/** Host part of its addresses. */
export const leaseOf = (number: number) => number + 2;
const macOf = (number: number) => `02:00:00:00:${hex(number >> 8)}:${hex(number & 255)}`;

function networkOf(instance: Instance, number: number): GuestSpec['network'] {
  const lease = leaseOf(number);
  const [own, gateway] = [addressesOf(instance, lease), gatewayOf(instance)];
  const prefixes = prefixesOf(instance);
  return {
    bridge: instance.bridge,
    link: linkOf(instance, lease),
    mac: macOf(number),
    ipv4: `${own.ipv4}/${prefixes.ipv4}`,
    ipv4Gateway: gateway.ipv4,
    ipv6: `${own.ipv6}/${prefixes.ipv6}`,
    ipv6Gateway: gateway.ipv6,
  };
}

const hex = (byte: number) => byte.toString(16).padStart(2, '0');
