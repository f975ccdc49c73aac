import { readdirSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { HOST_ROOTS } from './host-facts.ts';
import type { Instance } from './instance.ts';

/** rmdir(2) takes only groups without processes and children, so this cannot end anything (cgroups(7)). */
function removeTree(path: string): void {
  let entries: string[];
  try {
    entries = readdirSync(path, { withFileTypes: true }).flatMap((entry) =>
      entry.isDirectory() ? entry.name : [],
    );
  } catch {
    return;
  }
  for (const entry of entries) removeTree(join(path, entry));
  try {
    rmdirSync(path);
  } catch {
    // A process is still in it: whoever finds the slot taken is told so.
  }
}

/** Remove the instance's own folder from every cgroup hierarchy, as far as nothing runs in it. */
export function removeCgroups(instance: Pick<Instance, 'cgroup'>, root: string = HOST_ROOTS.cgroup): void {
  const mounts = readdirSync(root, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? entry.name : [],
  );
  for (const folder of [root, ...mounts.map((name) => join(root, name))])
    removeTree(join(folder, instance.cgroup));
}
