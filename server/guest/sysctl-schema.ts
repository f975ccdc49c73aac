import type { GuestIsolation, ShareableNamespace } from './isolation-schema.ts';

/** Sysctls that a namespace has of its own, by how their names begin (namespaces(7), sysctl/kernel.rst, net.rst, user.rst). */
const FAMILIES: readonly [prefix: string, namespace: ShareableNamespace][] = [
  ['net.', 'network'],
  ['user.max_', 'user'],
  ['kernel.domainname', 'uts'],
  ['kernel.msg', 'ipc'],
  ['kernel.sem', 'ipc'],
  ['kernel.shm', 'ipc'],
  ['fs.mqueue.', 'ipc'],
];

/** Why a guest with these namespaces cannot have a sysctl; null when it can. Pure. */
export function sysctlProblem(name: string, namespaces: GuestIsolation['namespaces']): string | null {
  if (name === 'kernel.hostname') return 'kernel.hostname follows the name of the guest: rename it instead';
  const namespace = FAMILIES.find(([prefix]) => name.startsWith(prefix))?.[1];
  if (namespace === undefined) {
    return `${name} is a setting of the whole host: a guest has only net.*, kernel.shm*, kernel.msg*, kernel.sem, kernel.domainname, fs.mqueue.* and user.max_*`;
  }
  // A slash is a dot of one part (eth0/100), as sysctl(8) reads it.
  const parts = name.split('.').map((part) => part.replaceAll('/', '.'));
  if (parts.some((part) => part === '' || part === '.' || part === '..'))
    return `${name} is no name of a sysctl`;
  const owner = namespaces[namespace] ?? 'own';
  if (owner === 'own') return null;
  const whose = owner === 'host' ? 'the host' : owner.replace('guest:', 'guest ');
  return `${name} belongs to the ${namespace} namespace, which this guest shares with ${whose}: set it there`;
}
