import { statfsSync } from 'node:fs';
import type { HostCheck } from '../check-schema.ts';
import { type Probing, programOf, textOf, tryAll } from './probing.ts';

const GIB = 1024 ** 3;
/** Below this a Debian image is not even built. */
const LEAST = GIB;
const ENOUGH = 5 * GIB;

/** What guests' roots are made of, and the room for them. */
export async function checkFileSystems(probing: Probing): Promise<HostCheck[]> {
  const type = typeOf(probing);
  return [
    ...(await tryAll(probing, [
      {
        id: 'files.overlay',
        group: 'file systems',
        name: 'overlayfs',
        probe: 'overlay',
        required: true,
        detail: 'opened',
        remedy: 'the kernel needs CONFIG_OVERLAY_FS',
        consequence: 'guests do not start: their root is a layer over the image',
      },
      {
        id: 'files.idmap',
        group: 'file systems',
        name: 'id-mapped mounts',
        probe: 'idmap',
        required: true,
        detail: `mapped ${probing.folder}, on ${type}`,
        remedy: `${type} at ${probing.folder} cannot; ext4, xfs, btrfs and tmpfs can`,
        consequence: 'guests do not start: the files of an image could not belong to them',
      },
      {
        id: 'files.fuse',
        group: 'file systems',
        name: 'FUSE',
        probe: 'fuse',
        detail: 'opened',
        remedy: 'the kernel needs CONFIG_FUSE_FS',
        consequence: 'no lxcfs: free, uptime and nproc in a guest tell of the host',
      },
    ])),
    lxcfs(probing),
    space(probing),
  ];
}

/** Type of the mount that the folder is on: the longest mount point that is before it, the last of those mounted over each other. */
function typeOf(probing: Probing): string {
  let best = { at: '', type: 'unknown' };
  for (const line of (textOf(probing, '/proc/self/mountinfo') ?? '').split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const at = before.split(' ')[4] ?? '';
    const inside = at === '/' || probing.folder === at || probing.folder.startsWith(`${at}/`);
    if (at !== '' && inside && at.length >= best.at.length)
      best = { at, type: after.split(' ')[0] ?? 'unknown' };
  }
  return best.type;
}

function lxcfs(probing: Probing): HostCheck {
  const program = programOf(probing, 'lxcfs');
  return {
    id: 'files.lxcfs',
    group: 'file systems',
    name: 'lxcfs',
    required: false,
    state: program ? 'yes' : 'no',
    detail: program ?? 'not installed; apt install lxcfs',
    consequence: program ? null : 'free, uptime and nproc in a guest tell of the host',
  };
}

function space({ folder }: Probing): HostCheck {
  const { bavail, bsize } = statfsSync(folder);
  const free = bavail * bsize;
  const text = `${(free / GIB).toFixed(1)} GiB free at ${folder}`;
  const base = { id: 'files.space', group: 'file systems', name: 'disk space', required: true } as const;
  if (free < LEAST) {
    return {
      ...base,
      state: 'no',
      detail: `${text}; ${LEAST / GIB} GiB are needed`,
      consequence: 'no image can be built',
    };
  }
  return free < ENOUGH
    ? { ...base, state: 'partly', detail: text, consequence: 'a few images and guests fill the disk' }
    : { ...base, state: 'yes', detail: text, consequence: null };
}
