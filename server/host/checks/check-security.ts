import type { HostCheck } from '../check-schema.ts';
import { numberOf, type Probing, textOf, tryAll } from './probing.ts';

interface Setting {
  path: string;
  name: string;
  right: (value: number) => boolean;
  wanted: string;
  consequence: string;
}

/** Settings of the host that a wall of a guest leans on. A kernel without the file does not have the danger. */
const SETTINGS: readonly Setting[] = [
  {
    path: '/proc/sys/fs/protected_symlinks',
    name: 'protected symbolic links',
    right: (value) => value === 1,
    wanted: '1',
    consequence:
      'programs of the host that follow links in shared folders can be led astray; Berth itself never follows any',
  },
  {
    path: '/proc/sys/fs/protected_hardlinks',
    name: 'protected hard links',
    right: (value) => value === 1,
    wanted: '1',
    consequence: 'users of the host can keep links to files of others, set-user-id ones too',
  },
  {
    path: '/proc/sys/dev/tty/legacy_tiocsti',
    name: 'keystrokes pushed into terminals',
    right: (value) => value === 0,
    wanted: '0',
    consequence:
      'programs of the host can push keystrokes into a terminal (TIOCSTI); guests cannot, Berth filters it',
  },
  {
    path: '/proc/sys/kernel/dmesg_restrict',
    name: 'kernel log for root only',
    right: (value) => value === 1,
    wanted: '1',
    consequence: 'users of the host read the kernel log; guests cannot, Berth filters it',
  },
  {
    path: '/proc/sys/kernel/kptr_restrict',
    name: 'hidden kernel addresses',
    right: (value) => value >= 1,
    wanted: '1',
    consequence: 'an attack on the kernel finds its addresses sooner',
  },
  {
    path: '/proc/sys/kernel/unprivileged_bpf_disabled',
    name: 'BPF for root only',
    right: (value) => value >= 1,
    wanted: '2',
    consequence: 'users of the host can load BPF programs; guests cannot, Berth filters it',
  },
];

/** Filters, security modules and settings that walls lean on. */
export async function checkSecurity(probing: Probing): Promise<HostCheck[]> {
  return [
    ...(await tryAll(probing, [
      {
        id: 'security.seccomp',
        group: 'security',
        name: 'seccomp filters',
        probe: 'seccomp',
        required: true,
        detail: 'the kernel has them',
        remedy: 'the kernel needs CONFIG_SECCOMP_FILTER',
        consequence: 'guests do not start: nothing would refuse system calls',
      },
      {
        id: 'security.notify',
        group: 'security',
        name: 'seccomp user notification',
        probe: 'notify',
        detail: 'installed a listener',
        remedy: 'it takes Linux 5.0, and no other listener around this process',
        consequence: 'a guest within a guest cannot have its system calls answered by a supervisor',
      },
      {
        id: 'security.audit',
        group: 'security',
        name: 'audit records of system calls',
        probe: 'audit',
        detail: 'the kernel sends them',
        remedy: 'the kernel needs CONFIG_AUDIT, and Berth the network and user namespace of the host',
        consequence: 'no seccomp profile can be learnt: berth guest learn has nothing to read',
      },
      {
        id: 'security.landlock',
        group: 'security',
        name: 'Landlock',
        probe: 'landlock',
        detail: 'the kernel has it on',
        remedy: 'the kernel needs CONFIG_SECURITY_LANDLOCK and lsm=landlock,…',
        consequence: 'programs in guests cannot confine themselves with it',
      },
    ])),
    modules(probing),
    ...SETTINGS.flatMap((setting) => settingOf(probing, setting)),
  ];
}

function modules(probing: Probing): HostCheck {
  const apparmor = textOf(probing, '/sys/module/apparmor/parameters/enabled') === 'Y';
  const selinux = textOf(probing, '/sys/fs/selinux/enforce');
  const names = [
    apparmor ? 'AppArmor' : null,
    selinux === null ? null : `SELinux, ${selinux === '1' ? 'enforcing' : 'permissive'}`,
  ];
  const found = names.filter((name) => name !== null);
  return {
    id: 'security.modules',
    group: 'security',
    name: 'AppArmor or SELinux',
    required: false,
    state: found.length > 0 ? 'yes' : 'no',
    detail: found.length > 0 ? found.join('; ') : 'the kernel has neither on',
    consequence: found.length > 0 ? null : 'guests cannot have a label, the wall behind all others',
  };
}

function settingOf(probing: Probing, { path, name, right, wanted, consequence }: Setting): HostCheck[] {
  const value = numberOf(probing, path);
  if (value === null) return [];
  const sysctl = path.replace('/proc/sys/', '').replaceAll('/', '.');
  const good = right(value);
  return [
    {
      id: `security.${sysctl.split('.').at(-1)}`,
      group: 'security',
      name,
      required: false,
      state: good ? 'yes' : 'partly',
      detail: good ? `${sysctl} is ${value}` : `${sysctl} is ${value}; ${wanted} is safer`,
      consequence: good ? null : consequence,
    },
  ];
}
