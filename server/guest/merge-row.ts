import type { GuestRecord } from './record.ts';

/**
 * A guest as it is after its row was read again, which another server may have written; null: the row is older than what is known. Of one
 * that lives on this host only what people write and the project can be another server's; one of another host is as its row says. Pure.
 */
export function mergeRow(known: GuestRecord | null, row: GuestRecord, own: string): GuestRecord | null {
  if (known === null) return row.installation === own ? null : row;
  if (row.version < known.version) return null;
  if (row.installation !== own) return row;
  const { project, tags, notes, owner, contact, links } = row;
  const { expires, atExpiry, fields, version, edits } = row;
  return {
    ...known,
    ...{ project, tags, notes, owner, contact, links },
    ...{ expires, atExpiry, fields, version, edits },
  };
}
