import { existsSync, readdirSync } from 'node:fs';
import { hostname } from 'node:os';
import { join } from 'node:path';
import type { Client } from 'pg';
import { AppError } from '../errors/app-error.ts';
import { hidePassword } from './hide-password.ts';
import { type Installation, readInstallation, writeInstallation } from './installation.ts';
import { newId } from './new-id.ts';
import { withClient } from './with-client.ts';

interface Row {
  id: string;
  host: string;
  dataDir: string;
  movedTo: string | null;
}

/**
 * The database and the files of the data folder belong together afterwards, and both say so. A server removes from its host what its
 * database does not know, so one that is another's, empty, or was moved away is refused: `illegal_state` with the way on. The private
 * one lies in the data folder and is the folder's by that. Returns the id that both have.
 */
export async function claimDatabase(
  url: string,
  at: { dataDir: string; isPrivate: boolean },
): Promise<string> {
  const { dataDir, isPrivate } = at;
  const known = readInstallation(dataDir);
  return withClient(url, async (client) => {
    await client.query('BEGIN');
    // Of two that begin at once the second sees the first.
    await client.query('LOCK TABLE "installation" IN EXCLUSIVE MODE');
    const { rows } = await client.query<Row>('SELECT "id", "host", "dataDir", "movedTo" FROM "installation"');
    const row = rows[0];
    if (row) assertOurs(row, known, url, at);
    else if (!isPrivate) await assertOnes(client, known, url, dataDir);
    const id = row?.id ?? known?.id ?? newId();
    await client.query(
      `INSERT INTO "installation" ("id", "host", "dataDir") VALUES ($1, $2, $3)
       ON CONFLICT ("id") DO UPDATE SET "host" = $2, "dataDir" = $3`,
      [id, hostname(), dataDir],
    );
    const now: Installation = { id, url: isPrivate ? null : url };
    // Before the commit: a database that says whose it is has an owner who knows.
    if (known?.id !== now.id || known.url !== now.url) writeInstallation(dataDir, now);
    await client.query('COMMIT');
    return id;
  });
}

function assertOurs(
  row: Row,
  known: Installation | null,
  url: string,
  { isPrivate, dataDir }: { dataDir: string; isPrivate: boolean },
): void {
  if (row.movedTo !== null) {
    throw new AppError(
      'illegal_state',
      `what is in ${nameOf(url, isPrivate)} was moved to ${row.movedTo}, but ${dataDir} does not say so: run berth db move again`,
    );
  }
  if (isPrivate || row.id === known?.id) return;
  throw new AppError(
    'illegal_state',
    `${hidePassword(url)} has the inventory of another Berth (${row.dataDir} on ${row.host}): each needs a database of its own. Where that one is gone and its files are here now, write {"id":"${row.id}","url":null} into ${join(dataDir, 'database.json')}`,
  );
}

/**
 * A database that does not say whose it is becomes this folder's where it knows every guest that the folder has: of a new one, which has
 * none, and of one that an older version of Berth made.
 */
async function assertOnes(
  client: Client,
  known: Installation | null,
  url: string,
  dataDir: string,
): Promise<void> {
  const files = join(dataDir, 'guests');
  const folders = existsSync(files) ? readdirSync(files) : [];
  const { rows } = await client.query<{ id: string }>('SELECT "id" FROM "guest"');
  const ids = new Set(rows.map(({ id }) => id));
  const strange = folders.filter((id) => !ids.has(id)).length;
  if ((known === null || known.url === url) && strange === 0) return;
  throw new AppError(
    'illegal_state',
    `${hidePassword(url)} has no inventory of ${dataDir}, which has ${strange} guests that it does not know: start with the database that it had, then berth db move brings it there`,
  );
}

const nameOf = (url: string, isPrivate: boolean) => (isPrivate ? 'the private database' : hidePassword(url));
