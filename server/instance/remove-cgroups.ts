import { readdirSync, readFileSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { HOST_ROOTS } from './host-facts.ts';
import type { Instance } from './instance.ts';

/** A supervisor whose guest has ended still writes back what the disk has not got yet. */
const LINGER_MS = 10_000;
const LOOK_MS = 10;

/** rmdir(2) takes only groups without processes and children, so this cannot end anything (cgroups(7)). */
function removeTree(path: string): void {
  for (const entry of foldersIn(path)) removeTree(join(path, entry));
  try {
    rmdirSync(path);
  } catch {
    // A process is still in it: whoever finds the slot taken is told so.
  }
}

/** Resolves when all supervisors of the instance have ended, or after a while all the same. */
export async function supervisorsEnd(
  { cgroup }: Pick<Instance, 'cgroup'>,
  root: string = HOST_ROOTS.cgroup,
): Promise<void> {
  const until = performance.now() + LINGER_MS;
  const groups = hierarchies(root).map((folder) => join(folder, cgroup, 'supervisors'));
  while (groups.some(holdsProcess) && performance.now() < until) await pause(LOOK_MS);
}

function holdsProcess(path: string): boolean {
  try {
    if (readFileSync(join(path, 'cgroup.procs'), 'utf8') !== '') return true;
  } catch {
    // It has gone meanwhile, or a threaded group says nothing here: that one is not removed either.
  }
  return foldersIn(path).some((entry) => holdsProcess(join(path, entry)));
}

function foldersIn(path: string): string[] {
  try {
    return readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? entry.name : [],
    );
  } catch {
    return [];
  }
}

const hierarchies = (root: string) => [root, ...foldersIn(root).map((name) => join(root, name))];

/**
 * Remove what is left of an instance that nobody claims any more, unless a process is in it: then all stays, and whoever
 * wants the slot is told.
 */
export function removeDeadCgroups(instance: Pick<Instance, 'cgroup'>, root: string): void {
  if (hierarchies(root).some((folder) => holdsProcess(join(folder, instance.cgroup)))) return;
  removeCgroups(instance, root);
}

/** Remove the instance's own folder from every cgroup hierarchy, as far as nothing runs in it. */
export function removeCgroups(instance: Pick<Instance, 'cgroup'>, root: string = HOST_ROOTS.cgroup): void {
  for (const folder of hierarchies(root)) removeTree(join(folder, instance.cgroup));
}
