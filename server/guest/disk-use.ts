import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { childEnv } from '../child/child-env.ts';
import { overQuota } from './quota.ts';
import type { GuestServices } from './services.ts';
import type { GuestStore } from './store.ts';

type Services = Pick<GuestServices, 'guests' | 'projects' | 'instance' | 'volumes'>;

const run = promisify(execFile);
/** ms that a measurement counts: it reads every folder of every guest of the project. */
const KEEP_MS = 10_000;
/** ms after which one is given up: a disk that hangs must not hold the console. */
const PATIENCE = 20_000;
/** Folders in one command line. */
const AT_ONCE = 500;

const measured = new WeakMap<GuestStore, Map<string, { at: number; bytes: Promise<number | null> }>>();

/**
 * Bytes on the disk that the guests of a project have written in their own layers, those in the trash too, and that its volumes hold, measured by
 * du(1) within the last ten seconds; null when that failed.
 */
export function diskUseOf(services: Services, project: string): Promise<number | null> {
  const all = measured.get(services.guests) ?? new Map();
  measured.set(services.guests, all);
  const known = all.get(project);
  if (known && performance.now() - known.at < KEEP_MS) return known.bytes;
  const bytes = measure(services, project).catch(() => null);
  all.set(project, { at: performance.now(), bytes });
  return bytes;
}

async function measure({ guests, instance, volumes }: Services, project: string): Promise<number> {
  const layers = [...guests.guestsIn(project)].map((id) => join(instance.dataDir, 'guests', id));
  const folders = [...layers, ...(await volumes.foldersOf(project))];
  let sum = 0;
  for (const bytes of (await measureFolders(folders)).values()) sum += bytes;
  return sum;
}

/**
 * Bytes of each of the folders that are there, by path; symbolic links and other file systems (what is mounted in a guest) are not
 * followed. Throws when du(1) cannot be run.
 */
export async function measureFolders(folders: readonly string[]): Promise<Map<string, number>> {
  const waiting = folders.filter((folder) => existsSync(folder));
  const sizes = new Map<string, number>();
  while (waiting.length > 0)
    for (const [folder, bytes] of await sizesOf(waiting.splice(0, AT_ONCE))) sizes.set(folder, bytes);
  return sizes;
}

async function sizesOf(folders: readonly string[]): Promise<[string, number][]> {
  const env = childEnv({ PATH: '/usr/bin:/bin', LC_ALL: 'C.UTF-8' });
  const options = { env, cwd: '/', timeout: PATIENCE, maxBuffer: 16 * 1024 * 1024 };
  const output = await run('du', ['-scxP', '-B1', '--', ...folders], options)
    .then(({ stdout }) => stdout)
    // A file that went while it was counted makes it fail, with the sum all the same.
    .catch((error: { stdout?: string }) => error.stdout ?? '');
  if (!/^\d+\ttotal$/m.test(output)) throw new Error('du has printed no total');
  const lines = [...output.matchAll(/^(\d+)\t(\/.*)$/gm)];
  return lines.map(([, bytes, folder = '']) => [folder, Number(bytes)]);
}

/**
 * Throws `over_quota` when the guests of a project have written as much as they may: then none is made or started. A quota of the disk is
 * no wall: what runs goes on writing.
 */
export async function requireDisk(
  services: Services & Pick<GuestServices, 'db'>,
  project: string,
): Promise<void> {
  const limit = services.projects.find(project)?.quotas.disk ?? null;
  if (limit === null) return;
  const used = (await diskUseOf(services, project)) ?? 0;
  if (used < limit) return;
  throw await overQuota(services, { project, quota: 'disk', used, asked: null, limit });
}
