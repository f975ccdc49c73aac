/** Every capability as capabilities(7) names it, lower case without `CAP_`; its place is its number in the kernel. */
export const CAPABILITIES = [
  'chown',
  'dac_override',
  'dac_read_search',
  'fowner',
  'fsetid',
  'kill',
  'setgid',
  'setuid',
  'setpcap',
  'linux_immutable',
  'net_bind_service',
  'net_broadcast',
  'net_admin',
  'net_raw',
  'ipc_lock',
  'ipc_owner',
  'sys_module',
  'sys_rawio',
  'sys_chroot',
  'sys_ptrace',
  'sys_pacct',
  'sys_admin',
  'sys_boot',
  'sys_nice',
  'sys_resource',
  'sys_time',
  'sys_tty_config',
  'mknod',
  'lease',
  'audit_write',
  'audit_control',
  'setfcap',
  'mac_override',
  'mac_admin',
  'syslog',
  'wake_alarm',
  'block_suspend',
  'audit_read',
  'perfmon',
  'bpf',
  'checkpoint_restore',
] as const;
export type Capability = (typeof CAPABILITIES)[number];

/**
 * What a guest never gets while its root is not the host's, and why: the kernel looks for these in the host's own user
 * namespace, so inside a guest's they give nothing but a wall less.
 */
export const HOST_CAPABILITIES: Readonly<Partial<Record<Capability, string>>> = {
  sys_module: 'it loads code into the kernel that all guests share',
  sys_rawio: 'it reaches the memory and the ports of the machine',
  sys_time: "it sets the host's clock",
  mac_override: "it goes past the host's security modules",
  mac_admin: "it configures the host's security modules",
  syslog: "it reads the host's kernel log and kernel addresses",
};

/** The names in a mask as /proc/PID/status prints it (hex); numbers that have no name yet as `41`. Pure. */
export function capabilitiesOf(mask: string): string[] {
  const bits = BigInt(`0x${mask}`);
  const names: string[] = [];
  for (let number = 0; number < 64; number++)
    if ((bits >> BigInt(number)) & 1n) names.push(CAPABILITIES[number] ?? String(number));
  return names;
}
