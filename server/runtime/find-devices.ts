import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError, type FieldPath } from '../errors/app-error.ts';
import type { GuestDevice } from '../guest/isolation-schema.ts';

/** A device of the host as it is now. */
export interface HostDevice extends Omit<GuestDevice, 'target'> {
  target: string;
  type: 'c' | 'b';
  major: number;
  minor: number;
}

/** How deep a folder of devices may be: `/dev/bus/usb/001/002` is two below `/dev/bus/usb`. */
const DEEPEST = 3;
const MOST = 128;

/**
 * The nodes that these devices stand for: a folder (`/dev/dri`, `/dev/bus/usb`) is all that are in it. Throws
 * `bad_input` on the device's source when the host does not have it, or when it is no device.
 */
export async function findDevices(devices: readonly GuestDevice[]): Promise<HostDevice[]> {
  const found: HostDevice[] = [];
  for (const [at, device] of devices.entries()) {
    const field = ['isolation', 'devices', at, 'source'];
    const inside = await nodesOf({ ...device, target: device.target ?? device.source }, field, DEEPEST);
    if (inside.length === 0) throw refuse(device.source, 'has no device in it', field);
    found.push(...inside);
  }
  if (found.length > MOST) {
    const message = `these are ${found.length} devices, at most ${MOST} fit: name those that are needed`;
    throw new AppError('bad_input', message, { field: ['isolation', 'devices'] });
  }
  return found;
}

async function nodesOf(
  device: GuestDevice & { target: string },
  field: FieldPath,
  depth: number,
): Promise<HostDevice[]> {
  const facts = await stat(device.source).catch(() => null);
  if (facts === null) throw refuse(device.source, 'is not there on this host', field);
  if (facts.isCharacterDevice() || facts.isBlockDevice()) {
    return [{ ...device, type: facts.isBlockDevice() ? 'b' : 'c', ...numbersOf(facts.rdev) }];
  }
  if (!facts.isDirectory()) throw refuse(device.source, 'is no device', field);
  if (depth === 0) return [];
  const nodes: HostDevice[] = [];
  for (const entry of (await readdir(device.source, { withFileTypes: true })).sort(byName)) {
    if (!(entry.isDirectory() || entry.isCharacterDevice() || entry.isBlockDevice())) continue;
    const below = {
      ...device,
      source: join(device.source, entry.name),
      target: join(device.target, entry.name),
    };
    nodes.push(...(await nodesOf(below, field, depth - 1)));
  }
  return nodes;
}

/** As the kernel and glibc pack them (makedev(3)). */
function numbersOf(rdev: number): { major: number; minor: number } {
  const high = Math.floor(rdev / 2 ** 32);
  const low = rdev >>> 0;
  return {
    major: ((low >>> 8) & 0xfff) + (high & ~0xfff),
    minor: (low & 0xff) + ((low >>> 12) & ~0xff),
  };
}

function byName(one: { name: string }, other: { name: string }): number {
  return one.name < other.name ? -1 : 1;
}

function refuse(source: string, why: string, field: FieldPath): AppError {
  return new AppError('bad_input', `${source} cannot be plugged in: it ${why}`, { field });
}
