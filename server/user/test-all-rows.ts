import { connectDb } from '../db/client.ts';

/** Every row of every table of a database as JSON, for what must not be in it. */
export async function allRows(url: string): Promise<string> {
  const db = connectDb(url);
  try {
    const tables = await db.$queryRaw<{ name: string }[]>`
      SELECT table_name AS name FROM information_schema.tables WHERE table_schema = current_schema()`;
    const rows: unknown[] = [];
    for (const { name } of tables)
      rows.push(
        await db.$queryRawUnsafe(`SELECT to_jsonb(one) AS row FROM "${name.replaceAll('"', '""')}" AS one`),
      );
    return JSON.stringify(rows);
  } finally {
    await db.$disconnect();
  }
}
