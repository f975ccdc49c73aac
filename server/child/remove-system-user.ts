import { spawnSync } from 'node:child_process';
import { AppError } from '../errors/app-error.ts';

/** userdel(8): the user does not exist. */
const NOBODY = 6;

/** Take a user away that ensureSystemUser made, and its group. Throws AppError `unavailable` when processes of it still run. */
export function removeSystemUser(name: string): void {
  const { status, stderr } = spawnSync('/usr/sbin/userdel', [name], { encoding: 'utf8' });
  if (status === 0 || status === NOBODY) return;
  throw new AppError('unavailable', `the system user ${name} cannot be removed: ${stderr.trim()}`);
}
