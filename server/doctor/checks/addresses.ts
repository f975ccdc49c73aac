import { readFile } from 'node:fs/promises';
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { hasOwnNetwork } from '../../guest/resolve-namespaces.ts';
import type { GuestServices } from '../../guest/services.ts';
import { routeOver } from '../../instance/host-facts.ts';
import { dnsHost } from '../../network/dns-files.ts';
import { gatewayOf } from '../../network/leases.ts';
import type { NetworkService } from '../../network/service.ts';
import type { Check, Found } from '../check.ts';

/** The bridge's own addresses, those that the name server tells of guests, and whether the host sends them elsewhere. */
export function checkAddresses(services: GuestServices & { network: NetworkService }): Check {
  return {
    what: 'addresses of guests',
    async find() {
      return [...ofBridge(services), ...(await ofNames(services)), ...ofHost(services)];
    },
  };
}

function ofBridge({ instance, network }: GuestServices & { network: NetworkService }): Found[] {
  const own = networkInterfaces()[instance.bridge]?.map(({ address }) => address);
  // Where there is no bridge, that is told as such.
  if (own === undefined) return [];
  const { ipv4, ipv6 } = gatewayOf(instance);
  const lacking = [ipv4, ipv6].filter((address) => !own.includes(address));
  if (lacking.length === 0) return [];
  return [
    {
      ...{ kind: 'address', subject: `bridge ${instance.bridge}` },
      problem: `it lacks ${lacking.join(' and ')}: guests reach neither names nor the outside`,
      ...{ remedy: 'give it back', mend: () => network.ensure() },
    },
  ];
}

async function ofNames(services: GuestServices & { network: NetworkService }): Promise<Found[]> {
  const { guests, instance, network, operations } = services;
  const text = await readFile(join(instance.runDir, 'dns/hosts'), 'utf8').catch(() => '');
  const told = new Set(text.split('\n'));
  const found: Found[] = [];
  for (const record of guests.all()) {
    const { id, name, lease, run } = record;
    if (lease === null || run === null || !hasOwnNetwork(record) || operations.current(id)) continue;
    const wanted = dnsHost(instance, { name, lease }).trimEnd().split('\n');
    if (wanted.every((line) => told.has(line))) continue;
    found.push({
      ...{
        kind: 'address',
        subject: `guest ${name}`,
        problem: 'the name server does not tell its addresses',
      },
      ...{ remedy: 'tell it again', mend: () => network.ensure() },
    });
  }
  return found;
}

function ofHost({ instance }: GuestServices): Found[] {
  const device = routeOver(instance.ipv4, instance.bridge);
  if (device === null) return [];
  return [
    {
      ...{ kind: 'address', subject: `network ${instance.ipv4}` },
      problem: `the host has a route of its own for it over ${device}: guests may not be reached`,
      remedy: `remove that route, or change the network behind ${device}`,
    },
  ];
}
