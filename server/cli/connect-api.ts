import { readFileSync, realpathSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { type Instance, instanceOf, SLOTS } from '../instance/instance.ts';
import { Api } from './api.ts';

const DEFAULT_DATA = '/var/lib/berth';

/**
 * What a data folder says of itself, without loading a validator for two fields; null for anything unusual, which
 * the server's own reader then explains.
 */
function readPlainly(dataDir: string): Instance | null {
  try {
    const { slot, id } = JSON.parse(readFileSync(join(dataDir, 'instance.json'), 'utf8'));
    if (!Number.isInteger(slot) || slot < 0 || slot >= SLOTS || !/^[0-9a-f]{32}$/.test(id)) return null;
    return instanceOf({ slot, id, dataDir: realpathSync(dataDir) });
  } catch {
    return null;
  }
}

/** The data folder that is meant: `--data`, then BERTH_DATA, then /var/lib/berth. */
export function dataFolder(data: string | undefined): string {
  const chosen = data ?? process.env.BERTH_DATA;
  return resolve(chosen === undefined || chosen === '' ? DEFAULT_DATA : chosen);
}

/**
 * The instance that is meant: `--data`, then BERTH_DATA, then /var/lib/berth. Throws `forbidden` without root,
 * `unavailable` when the folder has no instance, `illegal_state` when it is corrupt.
 */
export async function connectApi(data: string | undefined): Promise<Api> {
  const uid = process.geteuid?.() ?? 0;
  if (uid !== 0) {
    const message = `only root may tell Berth what to do (you are uid ${uid}): run it with sudo`;
    throw new AppError('forbidden', message);
  }
  const dataDir = dataFolder(data);
  const instance =
    readPlainly(dataDir) ?? (await import('../instance/read-instance.ts')).readInstance(dataDir);
  if (!instance) {
    const message = `the server does not run: there is no instance in ${dataDir}; start one with berth up, or name its folder with --data`;
    throw new AppError('unavailable', message);
  }
  return new Api(instance.adminSocket);
}
