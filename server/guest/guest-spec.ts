import { IDS_PER_GUEST } from '../instance/instance.ts';
import type { GuestSpec } from '../runtime/port.ts';
import { checkKernelSettings, hostSettings } from './check-kernel-settings.ts';
import type { GuestRecord } from './record.ts';
import { networkFor, resolveNamespaces } from './resolve-namespaces.ts';
import type { GuestServices } from './services.ts';

/**
 * What init finds in its environment, before the image's own set-up. `container` is how systemd and others know
 * where they run (systemd.io/CONTAINER_INTERFACE); the console is xterm.js on the other end.
 */
const ENVIRONMENT = {
  PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
  TERM: 'xterm-256color',
  container: 'berth',
} as const;

/** Everything that the supervisor needs to know of a guest. The network is made ready on the way. */
export async function guestSpec(
  services: GuestServices,
  record: GuestRecord,
  guestDir: string,
): Promise<GuestSpec> {
  const { images, instance } = services;
  const image = await images.resolve(record.image);
  checkKernelSettings(record.isolation, hostSettings());
  const namespaces = resolveNamespaces(services, record);
  const link = await networkFor(services, record);
  const mounts = await Promise.all(
    record.isolation.mounts.map((mount, at) =>
      services.volumes.resolve(mount, ['isolation', 'mounts', at, 'source']),
    ),
  );
  // It tells whom a process is of by its pid namespace.
  const ownPids = (record.isolation.namespaces.pid ?? 'own') === 'own';
  const lxcfsRoot = record.isolation.lxcfs && ownPids ? await services.lxcfs.root() : null;
  return {
    id: record.id,
    hostname: record.name,
    kind: record.kind,
    imageRoot: images.rootOf(record.image, record.imageBuild),
    guestDir,
    command: record.command,
    environment: {
      ...ENVIRONMENT,
      // Another user's is in the guest's passwd: the supervisor looks there.
      ...(record.init.user === null ? { HOME: '/root' } : {}),
      ...record.init.environment,
    },
    workdir: record.init.workdir,
    user: record.init.user,
    idBase: instance.idBase + record.idRange * IDS_PER_GUEST,
    limits: record.limits,
    isolation: { ...record.isolation, mounts, namespaces, lxcfsRoot },
    hooks: record.init.hooks,
    network: link.network,
    resolvConf: link.resolvConf,
    stopSignal: record.init.stopSignal ?? image.stopSignal[record.kind],
    stopTimeoutMs: record.stopTimeoutMs,
  };
}
