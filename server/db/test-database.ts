import { chmodSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { createLog } from '../log.ts';
import { applyMigrations } from './apply-migrations.ts';
import type { DatabaseState } from './database-state.ts';
import { startPrivatePostgres } from './private-postgres.ts';

/** For services of a test whose database does not go away. */
export const ALWAYS_THERE: DatabaseState = {
  awaySince: () => null,
  onAway: () => () => undefined,
  look: async () => true,
  back: async () => undefined,
};

export const MIGRATIONS = resolve(import.meta.dirname, '../../prisma/migrations');

/** A real database of a test file's own, migrated unless told otherwise, in a folder of its own. */
export async function startTestDatabase(
  migrate = true,
): Promise<{ url: string; folder: string; close: () => Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-db-'));
  chmodSync(folder, 0o711);
  const remove = () => rmSync(folder, { recursive: true, force: true });
  const runDir = join(folder, 'run');
  mkdirSync(runDir);
  try {
    const log = createLog(() => undefined);
    const { url, process } = await startPrivatePostgres({
      dataDir: folder,
      runDir,
      userName: 'berth-db',
      log,
    });
    if (migrate) await applyMigrations(url, MIGRATIONS);
    const close = async () => {
      await process.stop();
      remove();
    };
    return { url, folder, close };
  } catch (error) {
    remove();
    throw error;
  }
}
