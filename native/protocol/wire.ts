// Made by generate.mjs from wire.json: edit that, never this.

export const VERSION = 1;
export const RING_BYTES = 1048576;
export const WINDOW_BYTES = 131072;
export const MAX_FRAME_BYTES = 1048576;
export const MAX_OUTPUT_BYTES = 65536;
export const MAX_SPEC_BYTES = 1048576;
export const MAX_ORDER_BYTES = 4194304;
export const ID_COUNT = 65536;
export const SPEC_DESCRIPTOR = 3;
export const REPORT_DESCRIPTOR = 4;
/** Offset of a hello that asks only for what comes from now on. */
export const FROM_TAIL = 0xffff_ffff_ffff_ffffn;

export const FrameTag = {
  hello: 0x48,
  input: 0x49,
  resize: 0x52,
  acknowledge: 0x41,
  stop: 0x53,
  query: 0x51,
  memory: 0x4d,
  welcome: 0x57,
  output: 0x4f,
  exit: 0x58,
  error: 0x45,
  event: 0x56,
} as const;

export const Role = { monitor: 0, terminal: 1 } as const;
export const ExitKind = { exited: 0, signalled: 1 } as const;

export const FileName = {
  spec: 'spec',
  state: 'state',
  socket: 'holder.sock',
  ring: 'console.ring',
  exit: 'exit',
} as const;

export const specFields = [
  { name: 'version', type: 'number', required: true },
  { name: 'id', type: 'text', required: true },
  { name: 'hostname', type: 'text', required: true },
  { name: 'kind', type: 'text', required: true },
  { name: 'run_dir', type: 'text', required: true },
  { name: 'image_root', type: 'text', required: true },
  { name: 'guest_dir', type: 'text', required: true },
  { name: 'arg', type: 'list', required: true },
  { name: 'env', type: 'list', required: false },
  { name: 'workdir', type: 'text', required: false },
  { name: 'id_base', type: 'number', required: true },
  { name: 'cgroup', type: 'text', required: true },
  { name: 'supervisor_cgroup', type: 'text', required: true },
  { name: 'cpu_micros', type: 'number', required: false },
  { name: 'memory_bytes', type: 'number', required: false },
  { name: 'swap_bytes', type: 'number', required: false },
  { name: 'pids', type: 'number', required: false },
  { name: 'cpu_period_micros', type: 'number', required: false },
  { name: 'cpu_burst_micros', type: 'number', required: false },
  { name: 'cpu_weight', type: 'number', required: false },
  { name: 'cpuset', type: 'text', required: false },
  { name: 'memory_high_bytes', type: 'number', required: false },
  { name: 'memory_low_bytes', type: 'number', required: false },
  { name: 'out_of_memory', type: 'text', required: false },
  { name: 'io_weight', type: 'number', required: false },
  { name: 'io_max', type: 'list', required: false },
  { name: 'hugetlb', type: 'list', required: false },
  { name: 'network_receive_bytes', type: 'number', required: false },
  { name: 'network_transmit_bytes', type: 'number', required: false },
  { name: 'network_priority', type: 'number', required: false },
  { name: 'bridge', type: 'text', required: false },
  { name: 'link', type: 'text', required: false },
  { name: 'mac', type: 'text', required: false },
  { name: 'ipv4', type: 'text', required: false },
  { name: 'ipv4_gateway', type: 'text', required: false },
  { name: 'ipv6', type: 'text', required: false },
  { name: 'ipv6_gateway', type: 'text', required: false },
  { name: 'resolv_conf', type: 'text', required: false },
  { name: 'stop_signal', type: 'number', required: true },
  { name: 'stop_timeout_ms', type: 'number', required: true },
  { name: 'seccomp', type: 'text', required: true },
  { name: 'capabilities', type: 'text', required: true },
  { name: 'no_new_privs', type: 'flag', required: true },
  { name: 'device', type: 'list', required: false },
  { name: 'bind_device', type: 'list', required: false },
  { name: 'mask', type: 'list', required: false },
  { name: 'read_only', type: 'list', required: false },
  { name: 'proc_option', type: 'list', required: false },
  { name: 'namespace', type: 'list', required: false },
  { name: 'id_map', type: 'list', required: false },
  { name: 'nesting', type: 'flag', required: false },
  { name: 'user', type: 'text', required: false },
  { name: 'init', type: 'text', required: false },
  { name: 'sysctl', type: 'list', required: false },
  { name: 'rlimit', type: 'list', required: false },
  { name: 'label', type: 'text', required: false },
  { name: 'mount', type: 'list', required: false },
  { name: 'guest_device', type: 'list', required: false },
  { name: 'lxcfs', type: 'text', required: false },
  { name: 'learn', type: 'text', required: false },
  { name: 'hook', type: 'list', required: false },
] as const;

export const stateKeys = [
  'version',
  'init_pid',
  'init_start_time',
  'boot_id',
  'supervisor_pid',
  'started_at_ms',
  'memory_full',
] as const;
export const exitKeys = ['version', 'kind', 'status', 'out_of_memory', 'at_ms', 'console_end'] as const;
