import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Major number of the classes that priorities are told as; nothing of Linux's own begins with it. */
const MAJOR = 0x0be0;

/**
 * Where the host has net_cls mounted (v1, cgroup-v1/net_cls.rst), tell a guest's priority there too, as class
 * `be0:1` to `be0:8`: for the host's own traffic control and firewall, by `tc filter … cgroup` or `meta cgroup`. Null takes
 * it away. Elsewhere nothing is done: mounting a v1 controller would change the whole host.
 */
export async function tellNetworkClass(
  hierarchies: readonly { v2: boolean; mount: string; controllers: readonly string[] }[],
  group: string,
  priority: number | null,
): Promise<void> {
  const place = hierarchies.find(({ v2, controllers }) => !v2 && controllers.includes('net_cls'));
  if (!place) return;
  const classId = priority === null ? 0 : MAJOR * 0x10000 + priority + 1;
  await writeFile(join(place.mount, group, 'net_cls.classid'), String(classId), { flag: 'r+' });
}
