import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { createInterface } from 'node:readline/promises';
import { emptyDatabase } from '../backup/empty-database.ts';
import { removeSystemUser } from '../child/remove-system-user.ts';
import { readInstallation } from '../db/installation.ts';
import { leaveShared } from '../db/shared-with.ts';
import { AppError } from '../errors/app-error.ts';
import type { GuestView } from '../guest/schema.ts';
import type { Instance } from '../instance/instance.ts';
import { readInstance } from '../instance/read-instance.ts';
import { releaseSlot } from '../instance/release-slot.ts';
import { adminCall, isHealthy } from './admin-call.ts';
import { serverSpec, webUserOf } from './child-specs.ts';
import { stopConsole } from './down.ts';
import type { LaunchOptions } from './options.ts';
import { endProcess, identify } from './process-table.ts';
import { readSettings } from './settings.ts';
import { hasSystemd, removeUnits } from './systemd.ts';

const START_LIMIT_MS = 60_000;

/** `berth purge`: delete every guest and image, the network, the database and the data folder. Asks first. */
export async function purge(root: string, options: LaunchOptions): Promise<void> {
  const instance = readInstance(options.dataDir);
  if (!instance) {
    console.log(`there is no Berth in ${options.dataDir}: nothing to purge`);
    return;
  }
  await using stack = new AsyncDisposableStack();
  if (!(await isHealthy(instance.adminSocket))) stack.use(await startServerAlone(root, instance, options));
  const all = await adminCall<Pick<GuestView, 'name' | 'elsewhere'>[]>(
    instance.adminSocket,
    'query',
    'guest.list',
  );
  const guests = all.filter(({ elsewhere }) => elsewhere === null);
  if (!options.yes) {
    await confirm(
      options.dataDir,
      guests.map((guest) => guest.name),
    );
  }
  await adminCall(instance.adminSocket, 'mutation', 'server.retire');
  await stopConsole(instance);
  await stack.disposeAsync();
  if (hasSystemd()) removeUnits(instance.slot);
  const { id = '', url = null } = readInstallation(instance.dataDir) ?? {};
  if (url !== null && !(await leaveShared(url, id))) await emptyDatabase(url);
  rmSync(instance.runDir, { recursive: true, force: true });
  rmSync(instance.dataDir, { recursive: true, force: true });
  removeSystemUser(webUserOf(instance));
  releaseSlot(instance);
  console.log(`purged ${options.dataDir}`);
}

/** Only the server knows what is on this host: for the time of a purge it runs without the web and without being started again. */
async function startServerAlone(
  root: string,
  instance: Instance,
  options: LaunchOptions,
): Promise<AsyncDisposable> {
  const settings = readSettings(options.dataDir);
  const { command, environment, cwd } = serverSpec({
    root,
    instance,
    settings,
    databaseUrl: options.databaseUrl,
  });
  const [program = '', ...args] = command;
  const child = spawn(program, args, {
    cwd,
    env: { ...environment, NODE_ENV: 'production' },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', (chunk) => {
    said = `${said}${chunk}`.slice(-2000);
  });
  const own = child.pid === undefined ? null : identify(child.pid);
  const until = performance.now() + START_LIMIT_MS;
  while (!(await isHealthy(instance.adminSocket))) {
    if (child.exitCode !== null || performance.now() > until) {
      await endProcess(own, 10_000);
      throw new AppError('unavailable', `the server must run to purge, and does not start: ${said.trim()}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return { [Symbol.asyncDispose]: async () => void (await endProcess(own, 30_000)) };
}

async function confirm(dataDir: string, guests: string[]): Promise<void> {
  if (!process.stdin.isTTY)
    throw new AppError('bad_input', 'purge deletes all data: add --yes when nobody can be asked');
  const names = guests.length > 0 ? ` (${guests.join(', ')})` : '';
  console.log(`This deletes ${dataDir} with ${guests.length} guests${names}, all images and the database.`);
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  const typed = await lines.question('Type the data folder to go on: ');
  lines.close();
  if (typed !== dataDir) throw new AppError('cancelled', 'nothing was deleted');
}
