import { may } from '../access/may.ts';
import { readRights } from '../access/read-grants.ts';
import { AppError } from '../errors/app-error.ts';
import type { Actor } from '../platform.ts';
import type { BindMount } from './isolation-schema.ts';
import type { GuestServices } from './services.ts';
import type { Settings } from './settings.ts';

const VOLUME = 'volume:';

type Mounted = Pick<Settings, 'isolation'>;

/**
 * Whoever has a volume in a guest has its files: so it takes the right to volumes, not only the one to the guest. Of volumes that
 * the guest has not had before, or not to write in it, each by its project. `installation` is of the guest's host; left out, it is this one. Throws `forbidden` on the mount's field.
 */
export async function requireVolumeRight(
  { db, volumes }: Pick<GuestServices, 'db' | 'volumes'>,
  actor: Actor,
  before: Mounted | null,
  after: Mounted,
  installation?: string,
): Promise<void> {
  if (actor.kind !== 'user') return;
  const known = before?.isolation.mounts ?? [];
  /** It could do as much with the volume before. */
  const had = ({ source, readOnly }: BindMount) =>
    known.some((one) => one.source === source && (readOnly || !one.readOnly));
  const fresh = after.isolation.mounts
    .map((mount, at) => ({ mount, source: mount.source, at }))
    .filter(({ mount, source }) => source.startsWith(VOLUME) && !had(mount));
  if (fresh.length === 0) return;
  const rights = await readRights(db, actor, () => new Set());
  for (const { source, at } of fresh) {
    const project = await volumes.projectOf(source.slice(VOLUME.length), installation);
    // One that is not there is refused like one that is somebody else's.
    if (may(rights, 'volume.manage', project === null ? 'everything' : { project })) continue;
    const message = `mounting ${source} takes volume.manage in its project: root grants it by berth user grant ${actor.username} ROLE --project PROJECT`;
    throw new AppError('forbidden', message, { field: ['isolation', 'mounts', at, 'source'] });
  }
}
