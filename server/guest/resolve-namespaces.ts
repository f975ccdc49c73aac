import { readFile } from 'node:fs/promises';
import { AppError } from '../errors/app-error.ts';
import type { ResolvedIsolation } from '../runtime/port.ts';
import { SHAREABLE_NAMESPACES } from './isolation-schema.ts';
import {
  type NamespacePeer,
  type NamespaceSubject,
  namespaceOwnerOf,
  namespaceProblems,
} from './namespace-rules-schema.ts';
import type { GuestRecord } from './record.ts';
import type { GuestServices } from './services.ts';

type Guests = Pick<GuestServices, 'guests'>;

/** Throws `bad_input` on the setting's field for a choice of namespaces or ids that the kernel would refuse. */
export function assertNamespaces(services: Guests, subject: NamespaceSubject): void {
  const [problem] = namespaceProblems(subject, peersOf(services, subject.name));
  if (problem) throw new AppError('bad_input', problem.message, { field: problem.field });
}

/**
 * The namespaces that a guest does not have for itself, by the ids of who has them. Throws `bad_input`, as its settings
 * may have come true before other guests changed, and `illegal_state` when a guest that should lend one does not run.
 */
export function resolveNamespaces(services: Guests, record: GuestRecord): ResolvedIsolation['namespaces'] {
  assertNamespaces(services, record);
  const [problem] = namespaceProblems(record, peersOf(services, record.name), { starting: true });
  if (problem) throw new AppError('illegal_state', problem.message, { field: problem.field });
  return SHAREABLE_NAMESPACES.flatMap((name) => {
    const owner = namespaceOwnerOf(record.isolation, name);
    if ('own' in owner) return [];
    return [
      { name, owner: 'host' in owner ? ('host' as const) : { guestId: services.guests.get(owner.guest).id } },
    ];
  });
}

/** Whether its lease is an address that it has. Pure. */
export function hasOwnNetwork({ isolation }: Pick<GuestRecord, 'isolation'>): boolean {
  return 'own' in namespaceOwnerOf(isolation, 'network');
}

/** Link and resolv.conf of a guest: of its own network, or none and the words of who has the network. */
export async function networkFor(
  services: Pick<GuestServices, 'guests' | 'network'>,
  record: GuestRecord,
): Promise<Awaited<ReturnType<GuestServices['network']['specFor']>>> {
  const owner = namespaceOwnerOf(record.isolation, 'network');
  if ('host' in owner) return { network: null, resolvConf: await resolvConfOfHost() };
  if ('guest' in owner) {
    const { resolvConf } = await networkFor(services, services.guests.get(owner.guest));
    return { network: null, resolvConf };
  }
  const { id, name, lease, mac } = record;
  if (lease === null || mac === null) return { network: null, resolvConf: null };
  return services.network.specFor({ id, name, lease, mac });
}

async function resolvConfOfHost(): Promise<string | null> {
  try {
    return await readFile('/etc/resolv.conf', 'utf8');
  } catch {
    return null; // then the guest has what its image has
  }
}

function peersOf({ guests }: Guests, name: string): NamespacePeer[] {
  return guests
    .all()
    .filter((record) => record.name !== name)
    .map((record) => ({
      name: record.name,
      kind: record.kind,
      isolation: record.isolation,
      running: record.state === 'running' || record.state === 'frozen',
    }));
}
