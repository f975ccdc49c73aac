import { Client } from 'pg';

/**
 * Do something over one connection, which is closed again whatever comes of it: for what is not the server's own work (`connectDb`).
 * Throws what the connection does. `patienceMs`: how long connecting may take; without it, as long as the system lets it.
 */
export async function withClient<Result>(
  url: string,
  work: (client: Client) => Promise<Result>,
  patienceMs = 0,
): Promise<Result> {
  const client = new Client({ connectionString: url, connectionTimeoutMillis: patienceMs });
  // It is told to who waits for an answer; without a listener it would end the process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    return await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
