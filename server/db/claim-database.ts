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
  keyHash: string | null;
  movedTo: string | null;
}

/** What a server tells of its host, for those that share the database with it. */
export interface HostFacts {
  address: string;
  ipv4: string;
  ipv6: string;
  idBase: number;
  /** Of the key of its data folder. */
  keyHash: string;
}

interface Claim {
  dataDir: string;
  isPrivate: boolean;
  /** Share a database that has others' inventory. */
  join?: boolean;
  /** Null: what is there stays (for who only moves a database). */
  facts?: HostFacts | null;
}

/**
 * The database and the files of the data folder belong together afterwards, and both say so. A server removes from its host what its
 * database does not know, so one that is another's, empty, or was moved away is refused: `illegal_state` with the way on, which is to
 * `join` where the other one is to be shared. The private one lies in the data folder and is the folder's by that. Returns the id that
 * both have.
 */
export async function claimDatabase(url: string, at: Claim): Promise<string> {
  const { dataDir, isPrivate, facts = null } = at;
  const known = readInstallation(dataDir);
  return withClient(url, async (client) => {
    await client.query('BEGIN');
    // Of two that begin at once the second sees the first.
    await client.query('LOCK TABLE "installation" IN EXCLUSIVE MODE');
    const { rows } = await client.query<Row>(
      'SELECT "id", "host", "dataDir", "keyHash", "movedTo" FROM "installation" ORDER BY "since", "id"',
    );
    const isFirst = rows.length === 0;
    const id = (await ownRow(client, { rows, known, url, at }))?.id ?? idOf(isFirst ? known : null);
    await client.query(
      `INSERT INTO "installation" ("id", "host", "dataDir") VALUES ($1, $2, $3)
       ON CONFLICT ("id") DO UPDATE SET "host" = $2, "dataDir" = $3`,
      [id, hostname(), dataDir],
    );
    if (facts) await tellFacts(client, id, facts);
    await takeRows(client, id, { isFirst, isAlone: rows.every((row) => row.id === id) });
    const now: Installation = { id, url: isPrivate ? null : url };
    // Before the commit: a database that says whose it is has an owner who knows.
    if (known?.id !== now.id || known.url !== now.url) writeInstallation(dataDir, now);
    await client.query('COMMIT');
    return id;
  });
}

const idOf = (known: Installation | null) => known?.id ?? newId();

interface Looked {
  rows: readonly Row[];
  known: Installation | null;
  url: string;
  at: Claim;
}

/** The row that is this folder's; null: it may get one. Throws where it may not. */
async function ownRow(client: Client, looked: Looked): Promise<Row | null> {
  const { rows, known, url, at } = looked;
  const { dataDir, isPrivate, join: isJoining = false } = at;
  const own = rows.find(({ id }) => id === known?.id) ?? (isPrivate ? rows[0] : undefined);
  const first = own ?? rows[0];
  if (!first) {
    if (!isPrivate) await assertOnes(client, known, url, dataDir);
    return null;
  }
  assertNotMoved(first, url, at);
  if (own) return own;
  if (!isJoining) throw refusal(first, url, dataDir);
  await assertJoins(client, looked);
  return null;
}

async function tellFacts(client: Client, id: string, facts: HostFacts): Promise<void> {
  const { address, ipv4, ipv6, idBase, keyHash } = facts;
  await client.query(
    `UPDATE "installation" SET "address" = $2, "ipv4" = $3, "ipv6" = $4, "idBase" = $5, "keyHash" = $6, "lastSeen" = now() AT TIME ZONE 'UTC'
       WHERE "id" = $1`,
    [id, address, ipv4, ipv6, idBase, keyHash],
  );
}

/** Tables whose rows are of one host. */
const OF_HOSTS = ['guest', 'image', 'volume', 'operation', 'notice_delivery'];

/** Of one whose inventory it is alone, or that said of nobody whose it is: what does not say it is this one's. */
async function takeRows(
  client: Client,
  id: string,
  { isFirst, isAlone }: { isFirst: boolean; isAlone: boolean },
): Promise<void> {
  // Promises of a server that has ended are kept by nobody.
  await client.query('DELETE FROM "quota_claim" WHERE "installationId" = $1', [id]);
  if (!isFirst && !isAlone) return;
  for (const table of OF_HOSTS)
    await client.query(
      `UPDATE "${table}" SET "installationId" = $1 WHERE "installationId" <> $1 AND ($2 OR "installationId" = '')`,
      [id, isFirst],
    );
}

function assertNotMoved(row: Row, url: string, { isPrivate, dataDir }: Claim): void {
  if (row.movedTo === null) return;
  throw new AppError(
    'illegal_state',
    `what is in ${nameOf(url, isPrivate)} was moved to ${row.movedTo}, but ${dataDir} does not say so: run berth db move again, or, where another host has moved it, start with DATABASE_URL set to that`,
  );
}

function refusal(row: Row, url: string, dataDir: string): AppError {
  return new AppError(
    'illegal_state',
    `${hidePassword(url)} has the inventory of another Berth (${row.dataDir} on ${row.host}): give this one a database of its own, or let both share it with berth up --join (docs/several-hosts.md). Where that one is gone and its files are here now, write {"id":"${row.id}","url":null} into ${join(dataDir, 'database.json')}`,
  );
}

/** A new data folder, with the key that all who share the database have: it signs cookies, and seals what providers and devices give. */
async function assertJoins(client: Client, { rows, known, url, at }: Looked): Promise<void> {
  const { dataDir, facts } = at;
  await assertOnes(client, known, url, dataDir);
  const others = rows.filter((row) => row.keyHash !== null);
  const [one] = others;
  if (!one)
    throw new AppError(
      'illegal_state',
      `${hidePassword(url)} cannot be joined yet: start its own Berth (${rows[0]?.dataDir} on ${rows[0]?.host}) with this version first`,
    );
  if (others.some(({ keyHash }) => keyHash === facts?.keyHash)) return;
  throw new AppError(
    'illegal_state',
    `who shares ${hidePassword(url)} needs the key of those that do: copy ${join(one.dataDir, 'auth-secret')} of ${one.host} to ${join(dataDir, 'auth-secret')} (root's only, 0600), then start again`,
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
