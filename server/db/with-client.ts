import { Client } from 'pg';

/**
 * ms that a statement waits for what another session has locked; then it fails, and what it was part of is refused with the reason. As
 * long as our own transactions may take (Prisma's limit for them), and no longer: a refusal waits as well, to be written into the audit.
 */
export const LOCK_PATIENCE_MS = 5000;

/**
 * Do something over one connection, which is closed again whatever comes of it: for what is not the server's own work (`connectDb`).
 * Throws what the connection does. `patienceMs`: how long connecting may take; without it, as long as the system lets it.
 */
export async function withClient<Result>(
  url: string,
  work: (client: Client) => Promise<Result>,
  patienceMs = 0,
): Promise<Result> {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: patienceMs,
    lock_timeout: LOCK_PATIENCE_MS,
  });
  // It is told to who waits for an answer; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
