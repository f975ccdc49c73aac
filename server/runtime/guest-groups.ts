import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import type { Kernel } from './kernel.ts';
import type { GroupNode, GuestGroups } from './port.ts';

/** A guest may make groups of its own: as many, and as deep, as are looked at. */
const MOST_GROUPS = 500;
const DEEPEST = 12;
/** Names of the v1 controller files are the kernel's; guests may make groups only where they are given them. */
const DELEGATED = new Set(['name=systemd']);

type Hierarchy = Awaited<ReturnType<Kernel['hierarchies']>>[number];

/** Pids of everything in a group and below, at most `most`. Throws `kernel` when the group is gone. */
export async function processesIn(kernel: Kernel, group: string, most: number): Promise<number[]> {
  const hierarchy = bestOf(await kernel.hierarchies());
  const found: number[] = [];
  const tree = await readTree(join(hierarchy.mount, group));
  const waiting = [tree];
  for (let node = waiting.shift(); node && found.length < most; node = waiting.shift()) {
    found.push(...node.pids);
    waiting.push(...node.children);
  }
  return found.slice(0, most);
}

/** A guest's group in every hierarchy that has it. */
export async function readGuestGroups(kernel: Kernel, group: string): Promise<GuestGroups> {
  const all = await kernel.hierarchies();
  const delegated = all.find((one) => one.v2) ?? all.find(isDelegated) ?? bestOf(all);
  const filter = all.find((one) => !one.v2 && one.controllers.includes('devices'));
  const rules = filter ? await readFile(join(filter.mount, group, 'devices.list'), 'utf8') : null;
  return {
    hierarchies: all.map(({ v2, mount, controllers }) => ({
      controllers,
      version: v2 ? 'v2' : 'v1',
      path: join(mount, group),
    })),
    tree: await readTree(join(delegated.mount, group)),
    devices: rules === null ? null : rules.split('\n').filter((line) => line !== ''),
  };
}

/**
 * The hierarchy to ask for processes: one of v1 that guests cannot make groups in has all of them in one file; else
 * v2's.
 */
function bestOf(all: readonly Hierarchy[]): Hierarchy {
  const flat = all.find((one) => !one.v2 && !isDelegated(one));
  const best = flat ?? all.find((one) => one.v2) ?? all[0];
  if (!best) throw new AppError('unsupported', 'this host has no cgroup hierarchy mounted');
  return best;
}

function isDelegated({ controllers }: Hierarchy): boolean {
  return controllers.some((name) => DELEGATED.has(name));
}

async function readTree(root: string): Promise<GroupNode> {
  let left = MOST_GROUPS;
  async function read(path: string, depth: number): Promise<GroupNode> {
    left--;
    const folder = join(root, path);
    const pids = await pidsOf(folder);
    const node: GroupNode = { path, pids, children: [] };
    if (depth >= DEEPEST) return node;
    for (const name of await foldersIn(folder)) {
      if (left <= 0) break;
      node.children.push(await read(path === '' ? name : `${path}/${name}`, depth + 1));
    }
    return node;
  }
  return read('', 0);
}

async function foldersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  } catch (error) {
    if (isGone(error)) return [];
    throw error;
  }
}

async function pidsOf(folder: string): Promise<number[]> {
  try {
    const text = await readFile(join(folder, 'cgroup.procs'), 'utf8');
    return text.split('\n').filter(Boolean).map(Number);
  } catch (error) {
    // Gone meanwhile, or a threaded group, whose processes its parent lists.
    if (isGone(error) || codeOf(error) === 'EOPNOTSUPP') return [];
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENODEV';
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && 'code' in error ? error.code : null;
}
