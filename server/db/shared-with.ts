import { AppError } from '../errors/app-error.ts';
import { hidePassword } from './hide-password.ts';
import { withClient } from './with-client.ts';

/** Tables whose rows are of one host, but for its guests: those are deleted one by one, with their files. */
const OF_HOSTS = ['image', 'volume', 'quota_claim', 'notice_delivery'];
/** As long as a server that was killed may look as if it were at work (host-book.ts). */
const AT_WORK = `"lastSeen" > now() AT TIME ZONE 'UTC' - interval '2 minutes'`;

interface Other {
  host: string;
  dataDir: string;
  isAtWork: boolean;
}

async function othersIn(url: string, own: string): Promise<Other[]> {
  return withClient(url, async (client) => {
    const table = await client.query<{ found: boolean }>(
      `SELECT EXISTS (SELECT FROM information_schema.columns
         WHERE table_name = 'installation' AND column_name = 'lastSeen') AS found`,
    );
    if (!table.rows[0]?.found) return [];
    const { rows } = await client.query<Other>(
      `SELECT "host", "dataDir", coalesce(${AT_WORK}, false) AS "isAtWork" FROM "installation" WHERE "id" <> $1`,
      [own],
    );
    return rows;
  });
}

/**
 * Whether the inventory of a database may be taken elsewhere, of which one host decides for all that share it. Throws `illegal_state`
 * while another one's server is at work, and where the others could not follow, into a private one.
 */
export async function assertMovable(url: string, own: string, toPrivate: boolean): Promise<void> {
  const others = await othersIn(url, own);
  const [one] = others;
  if (one && toPrivate)
    throw new AppError(
      'illegal_state',
      `${hidePassword(url)} has the inventory of other hosts too (${one.dataDir} on ${one.host}): it does not become the private one of this host`,
    );
  const working = others.find(({ isAtWork }) => isAtWork);
  if (working)
    throw new AppError(
      'illegal_state',
      `${hidePassword(url)} is shared with ${working.dataDir} on ${working.host}, whose server is at work, or was within two minutes: stop it first (berth down)`,
    );
}

/** Take what is of one host alone out of a database that others share; false: nobody shares it, and nothing was done. */
export async function leaveShared(url: string, own: string): Promise<boolean> {
  if ((await othersIn(url, own)).length === 0) return false;
  await withClient(url, async (client) => {
    await client.query('BEGIN');
    for (const table of OF_HOSTS)
      await client.query(`DELETE FROM "${table}" WHERE "installationId" = $1`, [own]);
    await client.query('DELETE FROM "installation" WHERE "id" = $1', [own]);
    await client.query('COMMIT');
  });
  return true;
}
