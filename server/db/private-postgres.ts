import { chmodSync, chownSync, mkdirSync, readFileSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { ensureSystemUser } from '../child/ensure-system-user.ts';
import { type KeptProcess, keepRunning } from '../child/keep-running.ts';
import { isAlive, signalProcess, startTimeOf } from '../child/process-identity.ts';
import { AppError } from '../errors/app-error.ts';
import type { Log } from '../platform.ts';
import { findPostgres } from './find-postgres.ts';
import {
  type Cluster,
  checkReachable,
  clusterVersion,
  ensureCluster,
  writeConfiguration,
} from './private-cluster.ts';
import { withClient } from './with-client.ts';

const DATABASE = 'berth';
/** For a connection. */
const PATIENCE_MS = 5000;
/** PostgreSQL's invalid_catalog_name: the database does not exist. */
const NO_SUCH_DATABASE = '3D000';

export interface PrivatePostgres {
  /** For `connectDb`. */
  url: string;
  process: KeptProcess;
}

function urlOf(socketDir: string, database: string): string {
  return `postgresql://berth@localhost/${database}?host=${encodeURIComponent(socketDir)}`;
}

async function query(url: string, sql: string): Promise<void> {
  await withClient(url, (client) => client.query(sql), PATIENCE_MS);
}

/** Whether it answers; the database itself is made at the first start. */
async function isReady(socketDir: string): Promise<boolean> {
  try {
    await query(urlOf(socketDir, DATABASE), 'SELECT 1');
    return true;
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== NO_SUCH_DATABASE) return false;
  }
  await query(urlOf(socketDir, 'postgres'), `CREATE DATABASE ${DATABASE}`).catch(() => undefined);
  return false;
}

/** A postmaster that works on our folder although nobody remembers it. */
function findPostmaster(folder: string): number | null {
  try {
    const pid = Number(readFileSync(join(folder, 'postmaster.pid'), 'utf8').split('\n')[0]);
    return readlinkSync(`/proc/${pid}/cwd`) === folder ? pid : null;
  } catch {
    return null;
  }
}

/** ms until one that is to end at once is killed. */
const END_MS = 5000;

/** End the postmaster that works on this folder of ours, if there is one, at once: nobody needs what it has not written. */
export async function endPostmaster(folder: string): Promise<void> {
  const pid = findPostmaster(folder);
  const startTime = pid === null ? null : startTimeOf(pid);
  if (pid === null || startTime === null) return;
  const identity = { pid, startTime };
  // An immediate shutdown (postgres(1)).
  signalProcess(identity, 'SIGQUIT');
  const deadline = performance.now() + END_MS;
  while (isAlive(identity) && performance.now() < deadline) await setTimeout(20);
  signalProcess(identity, 'SIGKILL');
}

/**
 * A PostgreSQL of the instance's own: on a unix socket that only root and the database user reach, no TCP. Makes it
 * at the first start (about 4 s), adopts it when it runs already. Throws AppError `illegal_state` for a corrupt
 * folder, `unavailable` when it cannot be started.
 */
export async function startPrivatePostgres(options: {
  dataDir: string;
  runDir: string;
  userName: string;
  log: Log;
}): Promise<PrivatePostgres> {
  const { dataDir, runDir, userName, log } = options;
  const owner = ensureSystemUser(userName);
  const cluster: Cluster = {
    folder: join(dataDir, 'db'),
    socketDir: join(runDir, 'db'),
    owner,
    ownerName: userName,
  };
  checkReachable(cluster.folder, userName);
  mkdirSync(cluster.socketDir, { recursive: true });
  chmodSync(cluster.socketDir, 0o700);
  chownSync(cluster.socketDir, owner.uid, owner.gid);
  const version = clusterVersion(cluster.folder);
  const bin = findPostgres(version);
  if (version === null) log.info('making the database', { folder: cluster.folder });
  await ensureCluster(cluster, bin);
  writeConfiguration(cluster);
  const process = keepRunning({
    name: 'database',
    command: [join(bin, 'postgres'), '-D', cluster.folder],
    env: { PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' },
    ...owner,
    recordPath: join(runDir, 'database.json'),
    logPath: join(runDir, 'database.log'),
    // A fast shutdown: sessions are ended, everything is written (postgres(1)).
    stopSignal: 'SIGINT',
    stopTimeoutMs: 30_000,
    isReady: () => isReady(cluster.socketDir),
    findOrphan: () => findPostmaster(cluster.folder),
    log,
  });
  await process.start().catch((error: unknown) => {
    throw error instanceof AppError ? withWayBack(error, cluster.folder) : error;
  });
  return { url: urlOf(cluster.socketDir, DATABASE), process };
}

/** What PostgreSQL says of files that it cannot read, or that are not as it wrote them. */
const DAMAGED =
  /PANIC|invalid|corrupt|could not (open|read|find|access)|incomplete|not a (directory|regular file)/i;

function withWayBack(error: AppError, folder: string): AppError {
  if (!DAMAGED.test(error.message)) return error;
  return new AppError(
    'illegal_state',
    `${folder} cannot be used (${error.message}): if it is damaged, berth db ls shows the back-ups, berth db restore brings one back`,
    { cause: error },
  );
}
