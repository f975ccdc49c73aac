import type { Client } from 'pg';
import { z } from 'zod';
import { withClient } from '../db/with-client.ts';

/** Of each table, by name: how many rows, and a digest of them all whatever their order. */
export const databaseDigest = z.record(z.string(), z.object({ rows: z.int(), digest: z.string() }));
export type DatabaseDigest = z.infer<typeof databaseDigest>;

/** So that the same value is the same text on every server. */
const AS_TEXT = `SET TIME ZONE 'UTC'; SET DateStyle = 'ISO, YMD'; SET IntervalStyle = 'postgres';
  SET extra_float_digits = 1; SET bytea_output = 'hex'`;

/**
 * What a database contains, to be compared with another one's. `without` names tables that may differ. Read in one snapshot.
 */
export async function digestDatabase(url: string, without: readonly string[] = []): Promise<DatabaseDigest> {
  return withClient(url, async (client) => {
    await beginSnapshot(client);
    return digestSnapshot(client, without);
  });
}

/** From now on the connection sees the database as it is at this moment. */
export async function beginSnapshot(client: Client): Promise<void> {
  await client.query(AS_TEXT);
  await client.query('BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY');
}

/** What `beginSnapshot` sees. */
export async function digestSnapshot(
  client: Client,
  without: readonly string[] = [],
): Promise<DatabaseDigest> {
  const { rows: tables } = await client.query<{ name: string; quoted: string }>(
    `SELECT tablename AS name, format('%I.%I', schemaname, tablename) AS quoted FROM pg_tables
       WHERE schemaname = 'public' ORDER BY tablename COLLATE "C"`,
  );
  const found: DatabaseDigest = {};
  for (const { name, quoted } of tables) {
    if (without.includes(name)) continue;
    const { rows } = await client.query<{ rows: number; digest: string }>(
      `SELECT count(*)::int AS rows, md5(coalesce(string_agg(one, '' ORDER BY one COLLATE "C"), '')) AS digest
         FROM (SELECT md5(t::text) AS one FROM ${quoted} t) AS all_rows`,
    );
    if (rows[0]) found[name] = rows[0];
  }
  return found;
}

/** In words: the first table that is not the same, or null. */
export function firstDifference(from: DatabaseDigest, to: DatabaseDigest): string | null {
  for (const name of new Set([...Object.keys(from), ...Object.keys(to)])) {
    const [one, other] = [from[name], to[name]];
    if (!one || !other) return `table ${name} is only in the ${one ? 'first' : 'second'}`;
    if (one.rows !== other.rows)
      return `table ${name} has ${one.rows} rows in one and ${other.rows} in the other`;
    if (one.digest !== other.digest) return `rows of table ${name} differ`;
  }
  return null;
}
