import { may } from '../access/may.ts';
import { readRights } from '../access/read-grants.ts';
import { AppError } from '../errors/app-error.ts';
import type { Actor, Platform } from '../platform.ts';
import type { Settings } from './settings.ts';

type Mounted = Pick<Settings, 'isolation'>;

/**
 * Whoever has a volume in a guest has its files: so it takes the right to volumes, not only the one to the guest. Of volumes that
 * the guest has not had before. Throws `forbidden` on the mount's field.
 */
export async function requireVolumeRight(
  { db }: Pick<Platform, 'db'>,
  actor: Actor,
  before: Mounted | null,
  after: Mounted,
): Promise<void> {
  if (actor.kind !== 'user') return;
  const known = new Set(before?.isolation.mounts.map(({ source }) => source));
  const at = after.isolation.mounts.findIndex(
    ({ source }) => source.startsWith('volume:') && !known.has(source),
  );
  const mount = after.isolation.mounts[at];
  if (!mount) return;
  // Volumes are of no project: only a right to everything counts.
  const rights = await readRights(db, actor, () => new Set());
  if (may(rights, 'volume.manage', 'everything')) return;
  const message = `mounting ${mount.source} takes volume.manage: root grants it by berth user grant ${actor.username} ROLE`;
  throw new AppError('forbidden', message, { field: ['isolation', 'mounts', at, 'source'] });
}
