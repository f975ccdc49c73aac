import type { Instance } from '../instance/instance.ts';
import { readInstance } from '../instance/read-instance.ts';
import type { LaunchOptions } from './options.ts';
import { endProcess, readProcessTable } from './process-table.ts';
import { hasSystemd, stopUnits } from './systemd.ts';

/** `berth down`: stop the console; guests and shells run on. Returns whether anything ran. */
export async function down(options: LaunchOptions): Promise<boolean> {
  const instance = readInstance(options.dataDir);
  if (!instance) {
    console.log(`there is no Berth in ${options.dataDir}: nothing to stop`);
    return false;
  }
  const ran = await stopConsole(instance);
  console.log(ran ? 'the console is stopped; guests run on' : 'the console was not running');
  return ran;
}

/** Stop the console's processes in order. Returns whether any ran. */
export async function stopConsole(instance: Instance): Promise<boolean> {
  const stopped = hasSystemd() && stopUnits(instance.slot);
  const table = readProcessTable(instance.runDir);
  const ran = stopped || (table.supervisor ?? table.server ?? table.web) !== null;
  // its supervisor stops both in order; what a killed one left is stopped after it
  await endProcess(table.supervisor, 45_000);
  await endProcess(table.web, 10_000);
  await endProcess(table.server, 30_000);
  return ran;
}
