import { execFile } from 'node:child_process';
import {
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { childEnv } from '../child/child-env.ts';
import type { SystemUser } from '../child/ensure-system-user.ts';
import { AppError } from '../errors/app-error.ts';

const run = promisify(execFile);

/** Small and durable: one server process with a handful of connections. */
const SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: "''",
  unix_socket_permissions: '0700',
  max_connections: '24',
  shared_buffers: '16MB',
  work_mem: '2MB',
  maintenance_work_mem: '16MB',
  huge_pages: 'off',
  jit: 'off',
  max_parallel_workers: '0',
  max_parallel_workers_per_gather: '0',
  max_worker_processes: '1',
  max_logical_replication_workers: '0',
  autovacuum_max_workers: '1',
  // Nobody replicates from here; less is written.
  wal_level: 'minimal',
  max_wal_senders: '0',
  min_wal_size: '32MB',
  max_wal_size: '128MB',
  fsync: 'on',
  full_page_writes: 'on',
  synchronous_commit: 'on',
  log_min_messages: 'warning',
  log_line_prefix: "'%m '",
  logging_collector: 'off',
  timezone: "'UTC'",
};

export interface Cluster {
  /** 0700, the database user's: PGDATA. */
  folder: string;
  /** Folder of the unix socket. */
  socketDir: string;
  owner: SystemUser;
  ownerName: string;
}

/** Major version of a data folder; null when there is no cluster. Throws AppError `illegal_state` for anything else. */
export function clusterVersion(folder: string): string | null {
  if (!existsSync(folder)) return null;
  if (existsSync(join(folder, 'PG_VERSION'))) {
    const text = readFileSync(join(folder, 'PG_VERSION'), 'utf8');
    // With its end: half of `15` is a version too.
    if (/^\d+\n$/.test(text) && existsSync(join(folder, 'global', 'pg_control'))) return text.trim();
    throw new AppError(
      'illegal_state',
      `${folder} is a corrupt database (global/pg_control or PG_VERSION): berth db ls shows the back-ups, berth db restore brings one back`,
    );
  }
  const strange = readdirSync(folder)[0];
  if (strange === undefined) return null;
  throw new AppError(
    'illegal_state',
    `${folder} contains ${strange} but is not a PostgreSQL database: move it away`,
  );
}

/** The database user must be able to reach its folder. */
export function checkReachable(folder: string, ownerName: string): void {
  for (let above = dirname(folder); ; above = dirname(above)) {
    if ((statSync(above).mode & 0o001) === 0) {
      throw new AppError(
        'unavailable',
        `${above} keeps user ${ownerName} from ${folder}: chmod o+x ${above}`,
      );
    }
    if (above === '/') return;
  }
}

/** Make the cluster where there is none: aside first, so that a crash leaves none or a whole one. */
export async function ensureCluster(cluster: Cluster, bin: string): Promise<void> {
  const { folder, owner } = cluster;
  if (clusterVersion(folder) !== null) return;
  const aside = `${folder}.new`;
  rmSync(aside, { recursive: true, force: true });
  mkdirSync(aside, { mode: 0o700 });
  chownSync(aside, owner.uid, owner.gid);
  const args = [
    '-D',
    aside,
    '-U',
    'berth',
    '--auth=peer',
    '--encoding=UTF8',
    '--locale=C.UTF-8',
    '--no-instructions',
  ];
  try {
    await run(join(bin, 'initdb'), args, {
      uid: owner.uid,
      gid: owner.gid,
      cwd: '/',
      env: childEnv({ PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' }),
    });
  } catch (cause) {
    rmSync(aside, { recursive: true, force: true });
    const said =
      cause instanceof Error && 'stderr' in cause
        ? String(cause.stderr).trim().split('\n').at(-1)
        : String(cause);
    const full = said?.includes('No space left') === true;
    throw new AppError(
      full ? 'no_space' : 'unavailable',
      `the database cannot be made in ${folder}: ${said}`,
      { cause },
    );
  }
  rmSync(folder, { recursive: true, force: true });
  renameSync(aside, folder);
}

/** Settings, and who may come in: root and the database user itself, by the kernel's word (peer), as role berth. */
export function writeConfiguration(cluster: Cluster): void {
  const { folder, socketDir, owner, ownerName } = cluster;
  const settings = { ...SETTINGS, unix_socket_directories: `'${socketDir.replaceAll("'", "''")}'` };
  const files = {
    'postgresql.conf': Object.entries(settings).map(([name, value]) => `${name} = ${value}`),
    'pg_hba.conf': ['local all berth peer map=berth'],
    'pg_ident.conf': ['berth root berth', `berth ${ownerName} berth`],
  };
  for (const [name, lines] of Object.entries(files)) {
    const path = join(folder, name);
    writeFileSync(`${path}.new`, `# Berth writes this file at every start.\n${lines.join('\n')}\n`, {
      mode: 0o600,
    });
    chownSync(`${path}.new`, owner.uid, owner.gid);
    renameSync(`${path}.new`, path);
  }
}
