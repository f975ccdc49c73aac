import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { AppError } from '../errors/app-error.ts';
import { readInstance } from '../instance/read-instance.ts';
import { releaseSlot } from '../instance/release-slot.ts';
import { adminCall, isHealthy } from './admin-call.ts';
import { stopConsole } from './down.ts';
import type { LaunchOptions } from './options.ts';
import { hasSystemd, removeUnits } from './systemd.ts';

/** `berth purge`: delete every guest and image, the network, the database and the data folder. Asks first. */
export async function purge(options: LaunchOptions): Promise<void> {
  const instance = readInstance(options.dataDir);
  if (!instance) {
    console.log(`there is no Berth in ${options.dataDir}: nothing to purge`);
    return;
  }
  if (!(await isHealthy(instance.adminSocket)))
    throw new AppError(
      'unavailable',
      'the console must be up to purge: its server knows what is on this host. Run berth up first',
    );
  const guests = await adminCall<{ name: string }[]>(instance.adminSocket, 'query', 'guest.list');
  if (!options.yes)
    await confirm(
      options.dataDir,
      guests.map((guest) => guest.name),
    );
  await adminCall(instance.adminSocket, 'mutation', 'server.retire');
  await stopConsole(instance);
  if (hasSystemd()) removeUnits(instance.slot);
  rmSync(instance.runDir, { recursive: true, force: true });
  rmSync(instance.dataDir, { recursive: true, force: true });
  releaseSlot(instance);
  console.log(`purged ${options.dataDir}`);
}

async function confirm(dataDir: string, guests: string[]): Promise<void> {
  if (!process.stdin.isTTY)
    throw new AppError('bad_input', 'purge deletes all data: add --yes when nobody can be asked');
  console.log(
    `This deletes ${dataDir} with ${guests.length} guests${guests.length > 0 ? ` (${guests.join(', ')})` : ''}, all images and the database.`,
  );
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const typed = await lines.question('Type the data folder to go on: ');
  lines.close();
  if (typed !== dataDir) throw new AppError('cancelled', 'nothing was deleted');
}
