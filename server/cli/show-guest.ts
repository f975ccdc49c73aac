import type { GuestView } from '../guest/schema.ts';
import { type Paint, stateColour } from './paint.ts';
import type { Column } from './table.ts';
import { formatBytes } from './units.ts';

export const GUEST_COLUMNS: readonly Column[] = [
  { title: 'NAME' },
  { title: 'STATE' },
  { title: 'KIND' },
  { title: 'IMAGE' },
  { title: 'ADDRESS' },
  { title: 'CPU', align: 'right' },
  { title: 'MEMORY', align: 'right' },
  { title: 'PIDS', align: 'right' },
  { title: 'INIT', align: 'right' },
  { title: 'TAGS' },
];

/** `0.42` cores; a dash while two samples are not there yet. */
export function formatCores(cores: number | null | undefined): string {
  return cores === null || cores === undefined ? '-' : cores.toFixed(2);
}

export function guestRow(guest: GuestView, paint: Paint): string[] {
  const { usage, limits } = guest;
  return [
    paint('bold', guest.name),
    paint(stateColour(guest.state), guest.state),
    guest.kind,
    guest.image,
    guest.addresses.ipv4 ?? '-',
    usage ? `${formatCores(usage.cpu)}/${limits.cpu}` : '-',
    usage ? `${formatBytes(usage.memory)}/${formatBytes(limits.memory)}` : '-',
    usage ? String(usage.pids) : '-',
    guest.initPid === null ? '-' : String(guest.initPid),
    guest.tags.join(' ') || '-',
  ];
}
