import type { MountView } from '../../../server/isolation/schema.ts';

/** What each purpose is called, in the order of the filter. */
export const PURPOSES: Readonly<Record<MountView['purpose'], string>> = {
  configured: 'configured',
  guest: 'made inside',
  root: 'root',
  kernel: 'kernel',
  lxcfs: 'its own numbers',
  device: 'device',
  'read-only': 'read-only path',
  mask: 'hidden path',
};

const ORDER = Object.keys(PURPOSES);

/** What somebody chose or made comes first, what every guest has last; the rest as the kernel lists them. Pure. */
export function orderMounts(mounts: readonly MountView[]): MountView[] {
  return mounts.toSorted((a, b) => ORDER.indexOf(a.purpose) - ORDER.indexOf(b.purpose));
}

/** The mounts of a purpose in which every word occurs; `ro` and `rw` are their access. Pure. */
export function filterMounts(
  mounts: readonly MountView[],
  text: string,
  purpose: MountView['purpose'] | null,
): MountView[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return mounts.filter((mount) => {
    if (purpose !== null && mount.purpose !== purpose) return false;
    const haystack = [mount.target, mount.source, mount.type, ...mount.options].join(' ').toLowerCase();
    return words.every((word) =>
      word === 'ro' || word === 'rw' ? mount.readOnly === (word === 'ro') : haystack.includes(word),
    );
  });
}
