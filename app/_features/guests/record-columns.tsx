'use client';

import { expiryReminder } from '../../../server/guest/expiry-schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import { fieldIn } from '../../../server/guest/search-schema.ts';
import { type Column, useNow } from '../../_ui/index.ts';

const NONE = <span className="text-muted">–</span>;

function Expires({ guest }: { guest: GuestView }) {
  const reminder = expiryReminder(guest.expires, useNow());
  if (guest.expires === null) return NONE;
  const tone = reminder ? (reminder.isLast ? 'text-bad' : 'text-wait') : undefined;
  return (
    <span title={reminder?.text} className={tone}>
      {guest.expires}
    </span>
  );
}

/** What people write about a guest, off until chosen. */
export const RECORD_COLUMNS: readonly (Column<GuestView> & { extra: true })[] = [
  {
    id: 'contact',
    header: 'Contact',
    width: 'minmax(112px,1fr)',
    sortable: true,
    extra: true,
    cell: (guest) => (guest.contact ? <span className="truncate">{guest.contact}</span> : NONE),
  },
  {
    id: 'expires',
    header: 'Expires',
    width: '104px',
    sortable: true,
    extra: true,
    cell: (guest) => <Expires guest={guest} />,
  },
];

/** The column of a project's field: `field:NAME`; null for any other id. */
export function fieldColumn(id: string): Column<GuestView> | null {
  const name = fieldIn(id);
  if (name === null) return null;
  return {
    id,
    header: name,
    width: 'minmax(96px,1fr)',
    sortable: true,
    cell: ({ fields }) =>
      fields[name] === undefined ? NONE : <span className="truncate">{String(fields[name])}</span>,
  };
}
