import type { MountView } from '../../../server/isolation/schema.ts';

/** What each purpose is called, in the order of the filter. */
export const PURPOSES: Readonly<Record<MountView['purpose'], string>> = {
  configured: 'configured',
  root: 'root',
  kernel: 'kernel',
  device: 'device',
  mask: 'hidden path',
  'read-only': 'read-only path',
  guest: 'made inside',
};

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
