import type { Client } from 'pg';
import { hidePassword } from '../db/hide-password.ts';
import { withClient } from '../db/with-client.ts';
import { AppError } from '../errors/app-error.ts';

/** PostgreSQL 15, of Debian 12: the oldest that the schema is tested with, as `server_version_num`. */
const OLDEST = 150_000;
const PATIENCE_MS = 10_000;

/**
 * Whether an inventory may be brought into a database: reachable, new enough, ours to make tables in, and empty but for what
 * an earlier move of the same installation left (`leftover`). Throws `unavailable`, `unsupported`, `forbidden` or `illegal_state` with what to do.
 */
export async function checkTarget(url: string, installation: string): Promise<{ leftover: boolean }> {
  const shown = hidePassword(url);
  let isIn = false;
  try {
    return await withClient(
      url,
      (client) => {
        isIn = true;
        return look(client, shown, installation);
      },
      PATIENCE_MS,
    );
  } catch (cause) {
    if (isIn) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError('unavailable', `${shown} does not let us in: ${why}`, { cause });
  }
}

async function look(client: Client, shown: string, installation: string): Promise<{ leftover: boolean }> {
  const { rows } = await client.query<{ version: number; may: boolean; tables: number; name: string }>(
    `SELECT current_setting('server_version_num')::int AS version,
       has_schema_privilege('public', 'CREATE') AS may, current_user AS name,
       (SELECT count(*)::int FROM pg_tables WHERE schemaname = 'public') AS tables`,
  );
  const found = rows[0] ?? { version: 0, may: false, tables: 0, name: '' };
  if (found.version < OLDEST)
    throw new AppError(
      'unsupported',
      `${shown} is PostgreSQL ${Math.floor(found.version / 10_000)}: ${OLDEST / 10_000} is the oldest`,
    );
  if (!found.may)
    throw new AppError(
      'forbidden',
      `${found.name} may make no tables in ${shown}: ALTER DATABASE … OWNER TO ${found.name} lets it`,
    );
  if (found.tables === 0) return { leftover: false };
  if (await isOf(client, installation)) return { leftover: true };
  throw new AppError(
    'illegal_state',
    `${shown} has ${found.tables} tables that are not this Berth’s: give it an empty database of its own`,
  );
}

async function isOf(client: Client, installation: string): Promise<boolean> {
  const table = await client.query<{ found: string | null }>(
    `SELECT to_regclass('public.installation') AS found`,
  );
  if (!table.rows[0]?.found) return false;
  const { rows } = await client.query('SELECT 1 FROM "installation" WHERE "id" = $1', [installation]);
  return rows.length > 0;
}
