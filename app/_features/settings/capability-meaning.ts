import type { Capability } from '../../../server/guest/capability-schema.ts';

/** What each capability lets a process do, from capabilities(7), as short as it stays true. */
export const CAPABILITY_MEANING: Readonly<Record<Capability, string>> = {
  chown: 'change the owner of any file',
  dac_override: 'read, write and run files whatever their permissions',
  dac_read_search: 'read files and enter folders whatever their permissions',
  fowner: 'change mode and times of files that others own',
  fsetid: 'keep set-user-id and set-group-id bits when a file changes',
  kill: 'signal processes of other users',
  setgid: 'take any group id',
  setuid: 'take any user id',
  setpcap: 'drop capabilities from the bounding set and add inheritable ones',
  linux_immutable: 'set the append-only and immutable marks of files',
  net_bind_service: 'listen on ports below 1024',
  net_broadcast: 'broadcast, and listen to multicasts',
  net_admin: 'configure interfaces, routes, firewall and traffic control of its network namespace',
  net_raw: 'send and receive raw packets: ping, and forged ones',
  ipc_lock: 'lock memory so that it is never swapped',
  ipc_owner: 'use System V IPC objects of others',
  sys_module: 'load and unload kernel modules',
  sys_rawio: 'reach ports and memory of the machine directly',
  sys_chroot: 'change its root folder, and join mount namespaces',
  sys_ptrace: 'trace and read the memory of processes of others',
  sys_pacct: 'switch process accounting on and off',
  sys_admin: 'mount, set host names, make namespaces and much more: nearly root',
  sys_boot: 'restart its pid namespace',
  sys_nice: 'raise priorities and choose scheduling and CPUs of others',
  sys_resource: 'go over resource limits and reserved disk space',
  sys_time: 'set the clock',
  sys_tty_config: 'hang up terminals',
  mknod: 'make device nodes',
  lease: 'take leases on any file',
  audit_write: 'write records to the audit log',
  audit_control: 'configure the audit log',
  setfcap: 'give files capabilities',
  mac_override: 'go past mandatory access control',
  mac_admin: 'configure mandatory access control',
  syslog: 'read the kernel log and kernel addresses',
  wake_alarm: 'set alarms that wake the machine',
  block_suspend: 'keep the machine awake',
  audit_read: 'read the audit log',
  perfmon: 'watch performance counters and trace points',
  bpf: 'load BPF programs',
  checkpoint_restore: 'choose pids and read what a checkpoint needs',
};

/** What a name means; a number that has no name yet says so. */
export function capabilityMeaning(name: string): string {
  return Object.hasOwn(CAPABILITY_MEANING, name)
    ? CAPABILITY_MEANING[name as Capability]
    : 'newer than this console: it has no name here';
}
