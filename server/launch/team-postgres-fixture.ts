import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, chmodSync, chownSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'pg';
import { ensureSystemUser } from '../child/ensure-system-user.ts';
import { findPostgres } from '../db/find-postgres.ts';
import { signOwn } from './certificate.ts';

const PASSWORD = 'a password: with @ signs / and more';

/** A team's own PostgreSQL: over TCP, with TLS and a password only, where Berth has a role that is no superuser. */
export interface TeamPostgres extends AsyncDisposable {
  /** Of an empty database which the role owns. */
  url(database: string): string;
  /** Says what it is asked as the superuser. */
  ask(sql: string): Promise<void>;
  stop(): Promise<void>;
  /** Nothing when it runs. */
  start(): Promise<void>;
}

/** Start one of the packages that the host has, in a folder of its own. */
export async function startTeamPostgres(): Promise<TeamPostgres> {
  const folder = mkdtempSync(join(tmpdir(), 'berth-team-db-'));
  const owner = ensureSystemUser('berth-db');
  chmodSync(folder, 0o711);
  const data = join(folder, 'data');
  const bin = findPostgres(null);
  const own = { cwd: '/', ...owner, stdio: 'pipe' } as const;
  const [certificate, key] = [join(folder, 'server.crt'), join(folder, 'server.key')];
  signOwn({ certificate, key }, '/CN=localhost', ['DNS:localhost']);
  chownSync(key, owner.uid, owner.gid);
  chownSync(folder, owner.uid, owner.gid);
  execFileSync(join(bin, 'initdb'), ['-D', data, '-U', 'postgres', '--auth=peer', '--no-sync'], own);
  const port = await freePort();
  appendFileSync(
    join(data, 'postgresql.conf'),
    [
      `listen_addresses = 'localhost'\nport = ${port}\nunix_socket_directories = '${folder}'`,
      `ssl = on\nssl_cert_file = '${certificate}'\nssl_key_file = '${key}'`,
      `shared_buffers = 16MB\nfsync = off\n`,
    ].join('\n'),
  );
  writeFileSync(
    join(data, 'pg_hba.conf'),
    'local all postgres peer map=here\nhostssl all berth all scram-sha-256\n',
  );
  writeFileSync(join(data, 'pg_ident.conf'), 'here root postgres\n');

  let child: ReturnType<typeof spawn> | null = null;
  const ask = async (sql: string, database = 'postgres') => {
    const client = new Client({ host: folder, port, user: 'postgres', database });
    client.on('error', () => undefined);
    await client.connect();
    await client.query(sql).finally(() => client.end());
  };
  const start = async () => {
    if (child !== null && child.exitCode === null) return;
    child = spawn(join(bin, 'postgres'), ['-D', data], { ...own, stdio: 'ignore' });
    for (let tries = 0; ; tries++) {
      const failed = await ask('SELECT 1').then(
        () => null,
        (error: unknown) => error,
      );
      if (failed === null) return;
      if (tries > 200) throw failed;
      await sleep(50);
    }
  };
  const stop = async () => {
    if (child === null || child.exitCode !== null) return;
    child.kill('SIGINT');
    await once(child, 'exit');
  };
  const remove = async () => {
    await stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await start();
    await ask(`CREATE ROLE berth LOGIN PASSWORD '${PASSWORD}'`);
  } catch (error) {
    await remove();
    throw error;
  }
  const query = `sslmode=verify-full&sslrootcert=${encodeURIComponent(certificate)}`;
  return {
    url: (database) =>
      `postgresql://berth:${encodeURIComponent(PASSWORD)}@localhost:${port}/${database}?${query}`,
    ask,
    start,
    stop,
    [Symbol.asyncDispose]: remove,
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
