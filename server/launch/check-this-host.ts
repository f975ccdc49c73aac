import { existsSync } from 'node:fs';
import path from 'node:path';
import { AppError } from '../errors/app-error.ts';
import { checkHost } from '../host/check-host.ts';
import type { HostCheckReport } from '../host/check-schema.ts';
import { hostProber } from '../runtime/create-runtime.ts';

/**
 * What `host.check` tells, without a server: this process tries it all. The data folder need not be there yet, the folder that it would be
 * made in is looked at then. Throws `forbidden` without root.
 */
export async function checkThisHost(dataDir: string): Promise<HostCheckReport> {
  const uid = process.geteuid?.() ?? 0;
  if (uid !== 0) {
    throw new AppError('forbidden', `the check needs root (you are uid ${uid}): run it with sudo`);
  }
  let folder = path.resolve(dataDir);
  while (!existsSync(folder)) folder = path.dirname(folder);
  return checkHost({ root: '', folder, whyNot: hostProber(folder) });
}
