import { AppError } from '../errors/app-error.ts';
import type { Instance } from '../instance/instance.ts';
import { readInstance } from '../instance/read-instance.ts';

/** For what works on the data folder itself, also while no server runs. Throws `forbidden` for others than root, `unavailable` where there is no Berth. */
export function localInstance(dataDir: string, verb: string): Instance {
  const uid = process.geteuid?.() ?? 0;
  if (uid !== 0)
    throw new AppError('forbidden', `only root may ${verb} (you are uid ${uid}): run it with sudo`);
  const instance = readInstance(dataDir);
  if (instance) return instance;
  throw new AppError('unavailable', `there is no Berth in ${dataDir}: name its folder with --data`);
}
