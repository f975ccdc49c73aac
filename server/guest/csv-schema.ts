import type { GuestLink } from './record-schema.ts';
import type { GuestView } from './schema.ts';
import { fieldIn } from './search-schema.ts';

/** What a column of the list is in a file; the list's columns without one are left out. */
const CELLS: Readonly<Record<string, (guest: GuestView) => string | number | null>> = {
  name: (guest) => guest.name,
  project: (guest) => guest.project,
  state: (guest) => guest.state,
  tags: (guest) => guest.tags.join(' '),
  owner: (guest) => guest.owner,
  kind: (guest) => guest.kind,
  image: (guest) => guest.image,
  ipv4: (guest) => guest.addresses.ipv4,
  ipv6: (guest) => guest.addresses.ipv6,
  cpu: (guest) => guest.usage?.cpu ?? null,
  memory: (guest) => guest.usage?.memory ?? null,
  pids: (guest) => guest.usage?.pids ?? null,
  uptime: (guest) => guest.startedAt,
  created: (guest) => guest.createdAt,
  by: (guest) => guest.createdBy,
  notes: (guest) => guest.notes,
  contact: (guest) => guest.contact || null,
  links: (guest) => guest.links.map(linkText).join('\n') || null,
  expires: (guest) => guest.expires,
  atExpiry: (guest) => (guest.expires === null ? null : guest.atExpiry),
  'limits.cpu': (guest) => guest.limits.cpu,
  'limits.memory': (guest) => guest.limits.memory,
  'limits.swap': (guest) => guest.limits.swap,
  'limits.pids': (guest) => guest.limits.pids,
};
const HEADS: Readonly<Record<string, string>> = {
  cpu: 'cpu cores',
  memory: 'memory bytes',
  uptime: 'started',
  by: 'made by',
  atExpiry: 'at expiry',
};
const STATIC_COLUMNS = Object.keys(CELLS);

/** Heads of the first line of a file, by the column of the list; a field of a project has its column's name, `field:cost`. */
export const CSV_HEADS: ReadonlyMap<string, string> = new Map(
  STATIC_COLUMNS.map((column) => [HEADS[column] ?? column, column]),
);

/** All that there is, with every field that one of the guests has. Pure. */
function allColumns(guests: readonly GuestView[]): string[] {
  const fields = new Set(guests.flatMap((guest) => Object.keys(guest.fields)));
  return [...STATIC_COLUMNS, ...[...fields].sort().map((name) => `field:${name}`)];
}

function cellOf(guest: GuestView, column: string): string | number | null {
  const field = fieldIn(column);
  return field === null ? (CELLS[column]?.(guest) ?? null) : (guest.fields[field] ?? null);
}

/** A title, a space, an address; as JSON where that could be read as another one. Pure. */
function linkText({ title, url }: GuestLink): string {
  return /\s/.test(url) || title.startsWith('{') ? JSON.stringify({ title, url }) : `${title} ${url}`;
}

/**
 * Guests as CSV (RFC 4180: CRLF, quotes doubled), amounts in their base unit, times in ISO 8601. A cell that a spreadsheet would take
 * for a formula begins with an apostrophe (OWASP, CSV injection), and so does one that has such an apostrophe itself, so that all
 * comes back as it was (read-csv-schema.ts). Pure.
 */
export function guestCsv(
  guests: readonly GuestView[],
  columns: readonly string[] = allColumns(guests),
): string {
  const known = columns.filter((column) => Object.hasOwn(CELLS, column) || fieldIn(column) !== null);
  const lines = [
    known.map((column) => HEADS[column] ?? column),
    ...guests.map((guest) => known.map((column) => cellOf(guest, column))),
  ];
  return lines.map((cells) => `${cells.map(cellText).join(',')}\r\n`).join('');
}

function cellText(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^'*[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",;\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
