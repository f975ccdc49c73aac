import type { Backups } from '../backup/backups.ts';
import type { GuestServices } from '../guest/services.ts';
import type { NetworkService } from '../network/service.ts';
import { checkAddresses } from './checks/addresses.ts';
import { checkBackups, checkFiles, checkRoom } from './checks/files.ts';
import { checkLimits } from './checks/limits.ts';
import { checkMounts } from './checks/mounts.ts';
import { checkNetwork } from './checks/network.ts';
import { checkProcesses } from './checks/processes.ts';
import { checkRemnants } from './checks/remnants.ts';
import { checkRows } from './checks/rows.ts';
import { checkRuns } from './checks/runs.ts';
import { Doctor } from './doctor.ts';

/** The doctor of a running server: everything is compared. */
export function createDoctor(
  services: GuestServices & { network: NetworkService },
  backups: Pick<Backups, 'make'>,
): Doctor {
  const { dataDir } = services.instance;
  const since = new Date();
  return new Doctor({
    log: services.log,
    checks: [
      checkRuns(services),
      checkLimits(services),
      checkNetwork(services),
      checkAddresses(services),
      checkProcesses(services),
      checkMounts(services),
      checkRemnants(services),
      checkRows(services),
      checkFiles(dataDir),
      checkRoom(dataDir),
      checkBackups(dataDir, since, () => backups.make('daily')),
    ],
  });
}
