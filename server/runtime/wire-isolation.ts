import type { GuestSpec, ResolvedIsolation } from './port.ts';
import { each, type SpecEntries } from './spec-entries.ts';
import { mountValue } from './wire-mounts.ts';
import { settingEntries } from './wire-settings.ts';

/** What of a guest's isolation the supervisor is told beside the walls of its kind. `runDirOf` says where a guest runs. Pure. */
export function isolationEntries(
  spec: Pick<GuestSpec, 'isolation' | 'user' | 'hooks'>,
  runDirOf: (guestId: string) => string,
): SpecEntries {
  const { isolation, user } = spec;
  return [
    ...each('namespace', sharedNamespaces(isolation, runDirOf)),
    ...each(
      'id_map',
      (isolation.idMap ?? []).map(({ inside, outside, count }) => `${inside} ${outside} ${count}`),
    ),
    ...(isolation.nesting ? each('nesting', ['1']) : []),
    ...(user === null ? [] : each('user', [user])),
    ...settingEntries(spec),
    ...each('mount', isolation.mounts.map(mountValue)),
  ];
}

/** A privileged guest is one in the host's user namespace. */
function sharedNamespaces(
  { privileged, namespaces }: Pick<ResolvedIsolation, 'privileged' | 'namespaces'>,
  runDirOf: (guestId: string) => string,
): string[] {
  const shared = namespaces
    .filter(({ name }) => !(privileged && name === 'user'))
    .map(({ name, owner }) => `${name}=${owner === 'host' ? 'host' : runDirOf(owner.guestId)}`);
  return privileged ? ['user=host', ...shared] : shared;
}
