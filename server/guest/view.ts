import type { BerthEvent } from '../event/schema.ts';
import { addressesIn, firstIdOf } from './numbers-of.ts';
import { pendingRestart } from './pending-restart.ts';
import type { GuestRecord } from './record.ts';
import type { GuestView } from './schema.ts';
import type { GuestServices } from './services.ts';
import { stateOf } from './state-of.ts';

/** A guest as every client sees it. Touches neither disk nor database. */
export function viewOf(services: GuestServices, written: GuestRecord): GuestView {
  const record = { ...written, ...services.guests.unwritten.get(written.id) };
  const { guests, operations, hosts } = services;
  const running = record.state === 'running' || record.state === 'frozen';
  const operation = operations.current(record.id);
  const addresses = addressesIn(services, record);
  return {
    id: record.id,
    name: record.name,
    host: hosts.nameOf(record.installation),
    elsewhere: guests.isElsewhere(record) ? (hosts.find(record.installation)?.address ?? '') : null,
    project: record.project,
    kind: record.kind,
    image: record.image,
    state: stateOf(services, record),
    initPid: running ? (record.run?.initPid ?? null) : null,
    addresses: { ipv4: addresses?.ipv4 ?? null, ipv6: addresses?.ipv6 ?? null, mac: record.mac },
    limits: record.limits,
    isolation: record.isolation,
    init: record.init,
    revertsAt: record.revert?.at ?? null,
    pendingRestart: running ? pendingRestart(record) : [],
    startsAt: record.state === 'scheduled' ? record.restart.at : null,
    waitingForMemory: guests.waitingForMemory.has(record.id),
    usage: running ? (guests.usage.get(record.id) ?? null) : null,
    command: record.command,
    stopTimeoutMs: record.stopTimeoutMs,
    createdAt: record.createdAt,
    startedAt: running ? (record.run?.startedAt ?? null) : null,
    createdBy: record.createdBy,
    tags: record.tags,
    notes: record.notes,
    owner: record.owner,
    contact: record.contact,
    links: record.links,
    expires: record.expires,
    atExpiry: record.atExpiry,
    fields: record.fields,
    version: record.version,
    alwaysRecorded: guests.alwaysRecorded.has(record.id),
    exit: record.exit,
    problem: record.problem,
    operation: operation && { id: operation.id, kind: operation.kind },
    idBase: firstIdOf(services, record),
  };
}

/** Tell every client how the guest is now, and what somebody has written about it; nothing when it is gone. */
export function publishGuest(
  services: GuestServices,
  id: string,
  edit?: Extract<BerthEvent, { type: 'guest.changed' }>['edit'],
): void {
  const record = services.guests.find(id);
  if (record)
    services.events.publish({
      type: 'guest.changed',
      guest: viewOf(services, record),
      ...(edit && { edit }),
    });
}
