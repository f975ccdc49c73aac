import { execFile } from 'node:child_process';
import { readdir, readlink } from 'node:fs/promises';
import { basename } from 'node:path';
import { promisify } from 'node:util';
import type { GuestRecord } from '../../guest/record.ts';
import { hasOwnNetwork } from '../../guest/resolve-namespaces.ts';
import { restartGuest } from '../../guest/restart-guest.ts';
import type { GuestServices } from '../../guest/services.ts';
import { guestLinks } from '../../instance/instance.ts';
import { linkOf, shaperOf } from '../../network/firewall.ts';
import type { NetworkService } from '../../network/service.ts';
import type { Check, Found } from '../check.ts';

const run = promisify(execFile);
/** A thousand guests have a long list. */
const MUCH = { maxBuffer: 64 * 1024 * 1024 };

/** Links of guests, the bridge, the firewall's tables and the name server. */
export function checkNetwork(services: GuestServices & { network: NetworkService }): Check {
  return {
    what: 'links, firewall and names',
    async find() {
      const { instance, network } = services;
      const links = new Set(await readdir('/sys/class/net'));
      const mendAll: Found['mend'] = () => network.ensure();
      const found: Found[] = [];
      if (!links.has(instance.bridge)) {
        found.push({
          ...{
            kind: 'link',
            subject: `bridge ${instance.bridge}`,
            problem: 'it is not there: no guest reaches anything',
          },
          ...{ remedy: 'make it again, and restart the guests', mend: mendAll },
        });
      }
      found.push(...(await checkLinks(services, links)), ...(await checkTables(services, mendAll)));
      if (network.dnsPid() === null) {
        found.push({
          ...{ kind: 'process', subject: 'name server', problem: 'it does not run: guests know no names' },
          ...{ remedy: 'start it', mend: mendAll },
        });
      }
      return found;
    },
  };
}

/** Running guests with a link of their own. */
function linked(services: GuestServices) {
  return services.guests.all().flatMap((record) => {
    const { id, name, lease, run: isRunning } = record;
    if (lease === null || isRunning === null || !hasOwnNetwork(record) || services.operations.current(id))
      return [];
    return [{ id, name, lease, link: linkOf(services.instance, lease), limits: record.limits }];
  });
}

/** The links of running guests: where they are, and how fast. */
async function checkLinked(services: GuestServices, links: ReadonlySet<string>): Promise<Found[]> {
  const { instance } = services;
  const found: Found[] = [];
  for (const { id, name, lease, link, limits } of linked(services)) {
    const master = links.has(link) ? await masterOf(link) : null;
    if (master === instance.bridge) {
      const shaper = shaperOf(instance, lease);
      const problem =
        limits.networkTransmit !== null && !links.has(shaper)
          ? `what it sends is limited, and ${shaper}, which would do that, is gone`
          : await otherRates(services.runtime, link, limits);
      if (problem === null) continue;
      found.push({
        ...{ kind: 'link', subject: `guest ${name}`, problem, remedy: 'set its limits again' },
        mend: async () => void (await services.runtime.setLimits(id, limits)),
      });
      continue;
    }
    const problem = links.has(link)
      ? `its link ${link} is not in the bridge ${instance.bridge}`
      : `its link ${link} is gone: it has no network`;
    found.push({
      ...{ kind: 'link', subject: `guest ${name}`, problem, remedy: 'restart it' },
      mend: (actor) => restartGuest(services, actor, { guest: id, wait: true }),
    });
  }
  return found;
}

async function checkLinks(services: GuestServices, links: ReadonlySet<string>): Promise<Found[]> {
  const { instance, guests } = services;
  const found = await checkLinked(services, links);
  const leased = guests.all().flatMap((one) => (one.lease === null ? [] : [[one.lease, one] as const]));
  const known = new Set(leased.map(([lease]) => linkOf(instance, lease)));
  const shapers = new Map(leased.map(([lease, one]) => [shaperOf(instance, lease), one]));
  for (const link of guestLinks(instance, [...links].toSorted())) {
    if (known.has(link)) continue;
    const guest = shapers.get(link);
    // What an operation is at work on is true when it has ended.
    if (guest && (isShaped(guest) || services.operations.current(guest.id))) continue;
    const problem = guest
      ? `it shapes what guest ${guest.name} sends, which is not limited`
      : 'it belongs to no guest';
    found.push({
      ...{ kind: 'link', subject: link, problem, remedy: 'remove it' },
      mend: () => services.runtime.removeLink(link),
    });
  }
  return found;
}

/** Which limited way of a link the kernel holds to another rate; null when none. A link without limits is not asked about. */
async function otherRates(
  runtime: GuestServices['runtime'],
  link: string,
  { networkReceive: receive, networkTransmit: transmit }: GuestRecord['limits'],
): Promise<string | null> {
  if (receive === null && transmit === null) return null;
  const read = await runtime.readLinkRates(link);
  const rate = (bytes: number | null) => (bytes === null ? 'does not limit it' : `has ${bytes}`);
  const ways = [
    receive === null || read.receive === receive
      ? []
      : [`what it receives is limited to ${receive} bytes a second, and the kernel ${rate(read.receive)}`],
    transmit === null || read.transmit === transmit
      ? []
      : [`what it sends is limited to ${transmit} bytes a second, and the kernel ${rate(read.transmit)}`],
  ].flat();
  return ways.length > 0 ? ways.join('; ') : null;
}

/** Whether a link of its own is to shape what it sends. */
function isShaped({ run, limits }: GuestRecord): boolean {
  return run !== null && limits.networkTransmit !== null;
}

async function masterOf(link: string): Promise<string | null> {
  return readlink(`/sys/class/net/${link}/master`).then(basename, () => null);
}

async function checkTables(services: GuestServices, mendAll: Found['mend']): Promise<Found[]> {
  const { guests, instance } = services;
  const [inet, bridge] = [
    await chainsOf('inet', instance.nftTable),
    await chainsOf('bridge', instance.nftTable),
  ];
  const lacking = [
    ...['input', 'forward', 'postrouting'].filter((name) => !inet.has(name)),
    ...(bridge.has('prerouting') ? [] : ['prerouting']),
  ];
  const found: Found[] = [];
  if (lacking.length > 0) {
    found.push({
      ...{ kind: 'firewall', subject: `table ${instance.nftTable}` },
      problem: `it lacks ${lacking.join(', ')}: guests are not kept apart`,
      ...{ remedy: 'make it again', mend: mendAll },
    });
  }
  if (!bridge.has('prerouting')) return found;
  const walled = await linksIn(instance.nftTable, 'macs');
  for (const { name, link } of linked(services)) {
    if (walled.has(link)) continue;
    found.push({
      ...{ kind: 'firewall', subject: `guest ${name}` },
      problem: 'the walls of its link are gone: nothing of it comes through',
      ...{ remedy: 'make them again', mend: mendAll },
    });
  }
  const known = new Set(
    guests.all().flatMap(({ lease }) => (lease === null ? [] : [linkOf(instance, lease)])),
  );
  for (const link of walled) {
    if (known.has(link)) continue;
    found.push({
      ...{ kind: 'firewall', subject: `walls of ${link}`, problem: 'they belong to no guest' },
      ...{ remedy: 'remove them', mend: mendAll },
    });
  }
  return found;
}

/** The links that a set of the bridge's table has elements of. */
async function linksIn(table: string, set: string): Promise<Set<string>> {
  const { stdout } = await run('nft', ['-j', 'list', 'set', 'bridge', table, set], MUCH).catch(() => ({
    stdout: '{"nftables":[]}',
  }));
  const { nftables }: { nftables: { set?: { elem?: { concat?: [string] }[] } }[] } = JSON.parse(stdout);
  const elements = nftables.flatMap((one) => one.set?.elem ?? []);
  return new Set(elements.flatMap(({ concat }) => (concat ? [concat[0]] : [])));
}

/** Names of a table's chains; none when there is no table. */
async function chainsOf(family: string, table: string): Promise<Set<string>> {
  const { stdout } = await run('nft', ['-j', 'list', 'chains', family], MUCH);
  const { nftables }: { nftables: { chain?: { table: string; name: string } }[] } = JSON.parse(stdout);
  return new Set(nftables.flatMap(({ chain }) => (chain?.table === table ? [chain.name] : [])));
}
