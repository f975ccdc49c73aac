import { capabilitiesOf } from './capability-schema.ts';
import type { GuestKind } from './schema.ts';

/*
 * What of native/protocol/walls.json people see and choose from. The browser may not load that file; a test keeps both the same.
 */

/** The capabilities that init of each kind has unless settings add or drop some. */
export const KIND_CAPABILITIES: Readonly<Record<GuestKind, readonly string[]>> = {
  application: capabilitiesOf('a00405fb'),
  system: capabilitiesOf('1f8fdfcffff'),
};

/** Paths of a guest's /proc and /sys that show nothing. */
export const MASKED_PATHS: readonly string[] = [
  '/proc/acpi',
  '/proc/asound',
  '/proc/interrupts',
  '/proc/kallsyms',
  '/proc/kcore',
  '/proc/keys',
  '/proc/key-users',
  '/proc/kmsg',
  '/proc/kpagecgroup',
  '/proc/kpagecount',
  '/proc/kpageflags',
  '/proc/latency_stats',
  '/proc/modules',
  '/proc/sched_debug',
  '/proc/scsi',
  '/proc/slabinfo',
  '/proc/sysrq-trigger',
  '/proc/timer_list',
  '/proc/timer_stats',
  '/proc/vmallocinfo',
  '/sys/devices/virtual/dmi',
  '/sys/devices/virtual/powercap',
  '/sys/firmware',
  '/sys/fs/bpf',
  '/sys/fs/pstore',
  '/sys/kernel/boot_params',
  '/sys/kernel/debug',
  '/sys/kernel/security',
  '/sys/kernel/tracing',
];

/** Paths of a guest's /proc that can be read and not written. */
export const READ_ONLY_PATHS: readonly string[] = ['/proc/bus', '/proc/fs', '/proc/irq', '/proc/sys'];

/** The same of a guest that nests: what is of its own namespaces it may write. */
export const NESTING_READ_ONLY_PATHS: readonly string[] = [
  '/proc/bus',
  '/proc/fs',
  '/proc/irq',
  '/proc/sys/abi',
  '/proc/sys/crypto',
  '/proc/sys/debug',
  '/proc/sys/dev',
  '/proc/sys/fs',
  '/proc/sys/kernel',
  '/proc/sys/sunrpc',
  '/proc/sys/vm',
];
