import { join } from 'node:path';
import { VERSION } from '../../native/protocol/wire.ts';
import type { Instance } from '../instance/instance.ts';
import { capabilityMask } from './capability-mask.ts';
import type { HostDevice } from './find-devices.ts';
import { guestPaths, supervisorGroup } from './guest-paths.ts';
import { limitEntries } from './limit-words.ts';
import type { GuestSpec } from './port.ts';
import { learnedPath, seccompPath } from './seccomp-filter.ts';
import { each, type SpecEntries } from './spec-entries.ts';
import { stopSignalNumber } from './stop-signal-number.ts';
import { wallsOf } from './walls-of.ts';
import { isolationEntries } from './wire-isolation.ts';
import { deviceValue } from './wire-mounts.ts';

/**
 * What the supervisor is told of a guest (native/protocol/README.md): the guest itself, where on the host it is, and
 * the walls of its kind. `nativeDir` is where the compiled seccomp filters are. Pure.
 */
export function wireSpec(
  spec: GuestSpec,
  options: {
    instance: Pick<Instance, 'runDir' | 'dataDir' | 'cgroup'>;
    nativeDir: string;
    /** The nodes that the devices of its isolation stand for on this host. */
    devices?: readonly HostDevice[];
  },
): SpecEntries {
  const { instance, nativeDir, devices = [] } = options;
  const paths = guestPaths(instance, spec.id);
  const wall = wallsOf(spec);
  return [
    ['version', `${VERSION}`],
    ['id', spec.id],
    ['hostname', spec.hostname],
    ['kind', spec.kind],
    ['run_dir', paths.runDir],
    ['image_root', spec.imageRoot],
    ['guest_dir', spec.guestDir],
    ...each('arg', spec.command),
    ...each(
      'env',
      Object.entries(spec.environment).map(([name, value]) => `${name}=${value}`),
    ),
    ['workdir', spec.workdir],
    // One daemon reaps nobody, and most do not expect to be PID 1.
    ...each('init', spec.kind === 'application' ? [join(nativeDir, 'init')] : []),
    ['id_base', `${spec.idBase}`],
    ['cgroup', paths.cgroup],
    ['supervisor_cgroup', supervisorGroup(instance)],
    ...limitEntries(spec.limits),
    ...networkEntries(spec.network),
    ...(spec.resolvConf === null ? [] : each('resolv_conf', [spec.resolvConf])),
    ['stop_signal', `${stopSignalNumber(spec.stopSignal)}`],
    ['stop_timeout_ms', `${spec.stopTimeoutMs}`],
    ['seccomp', seccompPath(spec, { nativeDir, guestDir: spec.guestDir })],
    ['capabilities', capabilityMask(wall.capabilities, spec.isolation)],
    ['no_new_privs', wall.noNewPrivs ? '1' : '0'],
    ...each('device', wall.devices),
    ...each('bind_device', wall.bindDevices),
    ...each('mask', changed(wall.mask, spec.isolation.masked)),
    ...each('read_only', changed(wall.readOnly, spec.isolation.readOnly)),
    ...each('proc_option', wall.procOptions),
    ...isolationEntries(spec, (id) => guestPaths(instance, id).runDir),
    ...each('guest_device', devices.map(deviceValue)),
    ...(spec.isolation.seccomp.mode === 'log' ? each('learn', [learnedPath(spec.guestDir)]) : []),
  ];
}

/** The usual paths without those that are to stay open, and with those that are wanted beside them. */
function changed(usual: readonly string[], { add, remove }: { add: string[]; remove: string[] }): string[] {
  return [...new Set([...usual, ...add])].filter((path) => !remove.includes(path));
}

function networkEntries(network: GuestSpec['network']): SpecEntries {
  if (!network) return [];
  return [
    ['bridge', network.bridge],
    ['link', network.link],
    ['mac', network.mac],
    ['ipv4', network.ipv4],
    ['ipv4_gateway', network.ipv4Gateway],
    ['ipv6', network.ipv6],
    ['ipv6_gateway', network.ipv6Gateway],
  ];
}
