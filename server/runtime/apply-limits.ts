import { AppError } from '../errors/app-error.ts';
import type { GuestLimits } from '../guest/limits-schema.ts';
import { diskNumber } from './disk-number.ts';
import type { Kernel } from './kernel.ts';
import { checkQuota, kernelLimits, readBackOf } from './limit-words.ts';
import type { LinkPriorities } from './link-priorities.ts';
import { tellNetworkClass } from './network-class.ts';
import type { GuestNetwork } from './run-folder.ts';

/** Limits that the kernel can be told: disks by their numbers. Throws `bad_input` on the field that is wrong. */
export async function limitsForKernel(limits: GuestLimits): Promise<GuestLimits> {
  checkQuota(limits);
  if (limits.io.length === 0) return limits;
  const io = await Promise.all(
    limits.io.map(async (one, at) => ({
      ...one,
      device: await diskNumber(one.device, ['limits', 'io', at, 'device']),
    })),
  );
  for (const [at, { device }] of io.entries()) {
    const first = io.findIndex((one) => one.device === device);
    if (first === at) continue;
    const [name, other] = [limits.io[at]?.device, limits.io[first]?.device];
    throw new AppError('bad_input', `${name} is the same disk as ${other}: give its limits together`, {
      field: ['limits', 'io', at, 'device'],
    });
  }
  return { ...limits, io };
}

/**
 * Limits of a running guest, at once: cgroups first, which take all or none, then its link. Returns what the kernel reads
 * back. When the link is refused, the group has what it had before.
 */
export async function applyLimits(
  tools: { kernel: Kernel; priorities: LinkPriorities },
  guest: { cgroup: string; network: GuestNetwork | null },
  limits: GuestLimits,
): Promise<GuestLimits> {
  const { kernel, priorities } = tools;
  const wanted = await limitsForKernel(limits);
  const before = await kernel.readLimits(guest.cgroup);
  const read = await kernel.setLimits(guest.cgroup, kernelLimits(wanted));
  const { network } = guest;
  if (!network) return withDiskNames(limits, wanted, readBackOf(wanted, read, null));
  try {
    const rates = await kernel.setLinkRates(network.link, {
      receive: limits.networkReceive,
      transmit: limits.networkTransmit,
    });
    await priorities.set(network, limits.networkPriority);
    await tellNetworkClass(await kernel.hierarchies(), guest.cgroup, limits.networkPriority);
    return withDiskNames(limits, wanted, readBackOf(wanted, read, rates));
  } catch (error) {
    await kernel.setLimits(guest.cgroup, before);
    throw error;
  }
}

/** What the kernel applies of a running guest's limits. Its link's rates, which only a change reads, stand as they were wanted. */
export async function readLimits(kernel: Kernel, group: string, limits: GuestLimits): Promise<GuestLimits> {
  const wanted = await limitsForKernel(limits);
  const { networkReceive: receive, networkTransmit: transmit } = limits;
  const read = readBackOf(wanted, await kernel.readLimits(group), { receive, transmit });
  return withDiskNames(limits, wanted, read);
}

/** Disks as they were named by whoever asked. */
function withDiskNames(asked: GuestLimits, wanted: GuestLimits, read: GuestLimits): GuestLimits {
  const names = new Map(wanted.io.map(({ device }, at) => [device, asked.io[at]?.device ?? device]));
  return { ...read, io: read.io.map((one) => ({ ...one, device: names.get(one.device) ?? one.device })) };
}
