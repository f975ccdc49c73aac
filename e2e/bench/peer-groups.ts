import { readdirSync, readFileSync, rmdirSync } from 'node:fs';
import path from 'node:path';

/** Names of groups that LXC, LXD and crun make at the top of the hierarchies and leave behind. */
const OF_PEERS = /^(lxc|lxc\..+|lxd|berth-bench.*)$/;

/** Groups of peers, in every hierarchy. */
function peerGroups(): string[] {
  return readFileSync('/proc/self/mountinfo', 'utf8')
    .split('\n')
    .filter((line) => / - cgroup2? /.test(line))
    .map((line) => line.split(' ')[4] ?? '')
    .flatMap((mount) =>
      readdirSync(mount, { withFileTypes: true })
        .filter((entry) => entry.isDirectory() && OF_PEERS.test(entry.name))
        .map((entry) => path.join(mount, entry.name)),
    );
}

/** rmdir(2) takes only groups without processes and children: nothing of anybody can end by this (cgroups(7)). */
function removeEmpty(group: string): void {
  try {
    for (const entry of readdirSync(group, { withFileTypes: true }))
      if (entry.isDirectory()) removeEmpty(path.join(group, entry.name));
    rmdirSync(group);
  } catch {
    // in use, or gone
  }
}

/** Remembers the peers' groups of now; what it returns removes the empty ones that came since. */
export function groupCleaner(): () => void {
  const before = new Set(peerGroups());
  return () => {
    for (const group of peerGroups()) if (!before.has(group)) removeEmpty(group);
  };
}
