import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { clusterVersion } from './private-cluster.ts';

/**
 * A new, empty database knows no guest, and what the inventory does not know is removed from the host: so none is made where
 * files of guests or volumes lie already. Throws `illegal_state` that says what to do.
 */
export function assertDatabaseBelongs(dataDir: string): void {
  const folder = join(dataDir, 'db');
  if (clusterVersion(folder) !== null) return;
  for (const kind of ['guests', 'volumes']) {
    const files = join(dataDir, kind);
    const count = existsSync(files) ? readdirSync(files).length : 0;
    if (count === 0) continue;
    throw new AppError(
      'illegal_state',
      `the database is gone (${folder}), while ${files} has ${count} ${kind}: bring one back with berth db restore, or move ${files} away to begin anew`,
    );
  }
}
