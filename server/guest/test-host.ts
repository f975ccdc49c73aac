import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startTimeOf } from '../child/process-identity.ts';
import { createImageService } from '../image/create-image-service.ts';
import { claimSlot } from '../instance/claim-slot.ts';
import { guestLinks, IDS_PER_GUEST, type Instance } from '../instance/instance.ts';
import { supervisorsEnd } from '../instance/remove-cgroups.ts';
import { ProjectBook } from '../project/project-book.ts';
import { createRuntime } from '../runtime/create-runtime.ts';
import { createVolumeService } from '../volume/create-volume-service.ts';
import { adoptGuests } from './adopt-guests.ts';
import { defineGuestOperations } from './define-guest-operations.ts';
import { reconcileGuests } from './reconcile-guests.ts';
import type { GuestServices } from './services.ts';
import { GuestStore } from './store.ts';
import { TestNetwork, testPlatform } from './test-services.ts';
import { watchEvents } from './watch-events.ts';
import { watchExits } from './watch-exits.ts';

/** What went wrong in the runtime while nobody waited for it. */
export const faults: string[] = [];

/** A server's worth of services over the real kernel: supervisors, control groups, images; guests have only lo. */
export async function realServer(options: { url: string; folder: string }): Promise<{
  services: GuestServices;
  /** Leave: guests run on. */
  close: () => Promise<void>;
}> {
  const data = join(options.folder, 'data');
  mkdirSync(data, { recursive: true, mode: 0o711 });
  const instance = await claimSlot(data, { claimsDir: join(options.folder, 'claims'), slot: TEST_SLOT });
  const runtime = createRuntime({ instance, onFault: (guest, error) => faults.push(`${guest}: ${error}`) });
  const { platform, stop } = testPlatform({ ...options, instance, runtime });
  const images = createImageService(platform);
  const services: GuestServices = {
    ...platform,
    images,
    network: new TestNetwork(),
    volumes: createVolumeService(platform),
    lxcfs: { root: async () => null },
    guests: new GuestStore(platform.db),
    projects: new ProjectBook(platform.db),
  };
  defineGuestOperations(services);
  await adoptGuests(services);
  await services.operations.recover();
  watchExits(services);
  watchEvents(services);
  await reconcileGuests(services);
  return {
    services,
    close: async () => {
      await stop();
      await runtime[Symbol.asyncDispose]();
    },
  };
}

/** A slot for these tests alone. */
export const TEST_SLOT = 7;

/** Everything of an instance's guests that the host has: what must be the same before and after a test. */
export function leavings(instance: Instance): string[] {
  const last = instance.idBase + instance.idRanges * IDS_PER_GUEST;
  const groups = hierarchies().flatMap((mount) => childrenOf(join(mount, instance.cgroup, 'guests')));
  const links = guestLinks(instance, readdirSync('/sys/class/net'));
  const processes = readdirSync('/proc').filter((name) => {
    const status = readIfThere(`/proc/${name}/status`);
    // Dead, and given to the host's init because a supervisor was killed: when that one reaps is not ours.
    if (/^State:\tZ/m.test(status) && /^PPid:\t1$/m.test(status)) return false;
    const uid = Number(/^Uid:\t(\d+)/m.exec(status)?.[1]);
    return uid >= instance.idBase && uid < last;
  });
  return [
    ...groups.map((name) => `group ${name}`),
    ...links.map((name) => `link ${name}`),
    ...processes.map((pid) => `process ${pid}`),
    ...childrenOf(join(instance.runDir, 'guests')).map((name) => `run folder ${name}`),
    ...childrenOf(join(instance.runDir, 'sessions')).map((name) => `shell ${name}`),
    ...childrenOf(join(instance.dataDir, 'guests')).map((name) => `folder ${name}`),
    ...readIfThere('/proc/self/mounts')
      .split('\n')
      .filter((line) => line.includes(instance.dataDir)),
  ];
}

/** Remove the empty groups and folders that an instance keeps as long as it lives. */
export async function forgetInstance(instance: Instance): Promise<void> {
  await supervisorsEnd(instance);
  for (const mount of hierarchies()) {
    for (const path of ['guests', 'supervisors', '']) {
      const group = join(mount, instance.cgroup, path);
      if (existsSync(group)) rmdirSync(group);
    }
  }
  rmSync(instance.runDir, { recursive: true, force: true });
}

/** Whether the process still runs. */
export function runs(pid: number): boolean {
  return startTimeOf(pid) !== null;
}

function hierarchies(): string[] {
  return [...readFileSync('/proc/self/mounts', 'utf8').matchAll(/^\S+ (\S+) cgroup2? /gm)].map(
    ([, path]) => path ?? '',
  );
}

function childrenOf(path: string): string[] {
  if (!existsSync(path)) return [];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // Processes end while they are looked at.
    return '';
  }
}
