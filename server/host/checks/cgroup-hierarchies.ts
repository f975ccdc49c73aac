import { mkdirSync, readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Probing, textOf } from './probing.ts';

/** One mounted hierarchy, and what files groups in it have. */
export interface Hierarchy {
  mount: string;
  version: 'v1' | 'v2';
  controllers: string[];
  /** Why no group can be made in it; null when one was made, and removed. */
  refused: string | null;
  /** Of groups below its root. */
  files: Set<string>;
}

/** Mounted control group hierarchies, as proc(5) tells: none is ever mounted for this. A group is made in each and removed. */
export function readHierarchies(probing: Probing): Hierarchy[] {
  const lines = (textOf(probing, '/proc/self/mountinfo') ?? '').split('\n');
  const seen = new Set<string>();
  return lines.flatMap((line) => {
    const [before = '', after = ''] = line.split(' - ');
    const mount = before.split(' ')[4] ?? '';
    const device = before.split(' ')[2] ?? '';
    const [type = '', , options = ''] = after.split(' ');
    // One that is mounted twice is still one.
    if (!/^cgroup2?$/.test(type) || seen.has(device)) return [];
    seen.add(device);
    const version = type === 'cgroup2' ? 'v2' : 'v1';
    const controllers =
      version === 'v2'
        ? (textOf(probing, `${mount}/cgroup.controllers`) ?? '').split(' ').filter((name) => name !== '')
        : options.split(',').filter((name) => !/^(rw|ro|xattr|clone_children|release_agent=.*)$/.test(name));
    return [{ mount, version, controllers, ...lookInto(join(probing.root, mount)) } as Hierarchy];
  });
}

function lookInto(folder: string): Pick<Hierarchy, 'refused' | 'files'> {
  const made = join(folder, `berth-check-${process.pid}`);
  let refused: string | null = null;
  let own: string[] = [];
  try {
    mkdirSync(made);
    own = namesIn(made);
    rmdirSync(made);
  } catch (error) {
    refused = error instanceof Error && 'code' in error ? String(error.code) : 'EIO';
  }
  // On v2 a group has only the files of controllers that its parent hands down: look at those that have more.
  const others = namesIn(folder).flatMap((name) => namesIn(join(folder, name)));
  return { refused, files: new Set([...own, ...others]) };
}

/** None for what is no folder, cannot be read or is gone meanwhile. */
function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
