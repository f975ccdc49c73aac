import { actorName } from '../operation/actor-name.ts';
import type { Actor } from '../platform.ts';
import type { AuditRecord } from './append.ts';

/** Who an entry is about, and from where. Pure. */
export function whoAsks(of: {
  actor: Actor | null;
  transport: 'admin' | 'web';
  ip: string;
}): Pick<AuditRecord, 'actor' | 'actorId' | 'via' | 'address'> {
  const { actor, transport, ip } = of;
  const web = actor?.kind === 'user' && actor.token ? (`token ${actor.token.name}` as const) : 'web';
  return {
    actor: actor === null ? 'nobody' : actorName(actor),
    actorId: actor?.kind === 'user' ? actor.id : null,
    via: transport === 'admin' ? 'cli' : web,
    address: transport === 'admin' ? null : ip.slice(0, 64),
  };
}
