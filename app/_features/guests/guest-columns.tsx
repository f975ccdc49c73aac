'use client';

import type { ReactNode } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { useUsageTrail } from '../../_trpc/index.ts';
import {
  type Column,
  formatBytes,
  formatCores,
  QuietLink,
  RelativeTime,
  Sparkline,
} from '../../_ui/index.ts';
import { HereMark, HereNames } from '../presence/index.ts';
import { openGuestDialog } from './guest-dialog-store.ts';
import { GuestMarks } from './guest-marks.tsx';
import { GuestStateBadge } from './guest-state-badge.tsx';
import { fieldColumn, RECORD_COLUMNS } from './record-columns.tsx';
import { TagChips } from './tag-chips.tsx';

const NONE = <span className="text-muted">–</span>;

/** A guest's name as a link to its page. */
export function GuestLink({ guest }: { guest: GuestView }) {
  return (
    <QuietLink
      href={`/guests/${encodeURIComponent(guest.name)}`}
      className="truncate rounded-sm font-medium hover:text-accent hover:underline"
    >
      {guest.name}
    </QuietLink>
  );
}

function Cpu({ guest }: { guest: GuestView }) {
  const trail = useUsageTrail(guest.id);
  if (!guest.usage) return NONE;
  return (
    <>
      <Sparkline values={trail.cpu} max={guest.limits.cpu} />
      <span
        title={`${formatCores(guest.usage.cpu ?? 0)} of ${formatCores(guest.limits.cpu)} cores`}
        className="w-12 text-right"
      >
        {guest.usage.cpu === null ? '–' : formatCores(guest.usage.cpu)}
      </span>
    </>
  );
}

function Memory({ guest }: { guest: GuestView }) {
  const trail = useUsageTrail(guest.id);
  if (!guest.usage) return NONE;
  return (
    <>
      <Sparkline values={trail.memory} max={guest.limits.memory} />
      <span
        title={`${formatBytes(guest.usage.memory)} of ${formatBytes(guest.limits.memory)}`}
        className="w-16 text-right"
      >
        {formatBytes(guest.usage.memory)}
      </span>
    </>
  );
}

function Address({ text }: { text: string | null }) {
  return text ? <span className="truncate font-mono text-xs">{text}</span> : NONE;
}

function State({ guest }: { guest: GuestView }) {
  const badge = <GuestStateBadge guest={guest} plain />;
  if (guest.waitingForMemory) return <MemoryFull guest={guest}>{badge}</MemoryFull>;
  return guest.problem ? (
    <span title={guest.problem} className="truncate">
      {badge}
    </span>
  ) : (
    badge
  );
}

/** The state of a guest that waits for a decision leads to it. */
function MemoryFull({ guest, children }: { guest: GuestView; children: ReactNode }) {
  return (
    <button
      type="button"
      title={guest.problem ?? undefined}
      onClick={(event) => {
        event.stopPropagation();
        openGuestDialog({ kind: 'memory', guest });
      }}
      className="rounded-sm underline decoration-dotted underline-offset-4"
    >
      {children}
      <span className="sr-only">: decide</span>
    </button>
  );
}

/** Every column a guest has; `extra` ones are off until chosen. */
export const GUEST_COLUMNS: readonly (Column<GuestView> & { extra?: true })[] = [
  {
    id: 'name',
    header: 'Name',
    width: 'minmax(144px,2fr)',
    sortable: true,
    cell: (guest) => (
      <span className="flex min-w-0 items-center gap-1.5">
        <GuestLink guest={guest} />
        <GuestMarks guest={guest} />
        <HereMark guest={guest.id} />
      </span>
    ),
  },
  { id: 'state', header: 'State', width: '112px', sortable: true, cell: (guest) => <State guest={guest} /> },
  {
    id: 'tags',
    header: 'Tags',
    width: 'minmax(112px,1.5fr)',
    cell: (guest) => <TagChips tags={guest.tags} />,
  },
  {
    id: 'project',
    header: 'Project',
    width: '112px',
    sortable: true,
    extra: true,
    cell: (guest) => <span className="truncate">{guest.project}</span>,
  },
  {
    id: 'host',
    header: 'Host',
    width: 'minmax(112px,1fr)',
    sortable: true,
    extra: true,
    cell: (guest) => <span className="truncate">{guest.host}</span>,
  },
  {
    id: 'owner',
    header: 'Owner',
    width: '112px',
    sortable: true,
    extra: true,
    cell: (guest) => (guest.owner ? <span className="truncate">{guest.owner}</span> : NONE),
  },
  {
    id: 'kind',
    header: 'Kind',
    width: '96px',
    sortable: true,
    cell: (guest) => <span className="text-muted">{guest.kind}</span>,
  },
  {
    id: 'image',
    header: 'Image',
    width: 'minmax(104px,1fr)',
    sortable: true,
    cell: (guest) => <span className="truncate">{guest.image}</span>,
  },
  {
    id: 'ipv4',
    header: 'IPv4',
    width: '120px',
    sortable: true,
    cell: (guest) => <Address text={guest.addresses.ipv4} />,
  },
  {
    id: 'ipv6',
    extra: true,
    header: 'IPv6',
    width: 'minmax(168px,1fr)',
    sortable: true,
    cell: (guest) => <Address text={guest.addresses.ipv6} />,
  },
  {
    id: 'cpu',
    header: 'CPU',
    width: '128px',
    sortable: true,
    align: 'end',
    cell: (guest) => <Cpu guest={guest} />,
  },
  {
    id: 'memory',
    header: 'Memory',
    width: '132px',
    sortable: true,
    align: 'end',
    cell: (guest) => <Memory guest={guest} />,
  },
  {
    id: 'pids',
    header: 'Pids',
    width: '56px',
    sortable: true,
    align: 'end',
    cell: (guest) => guest.usage?.pids ?? NONE,
  },
  {
    id: 'uptime',
    header: 'Uptime',
    width: '88px',
    sortable: true,
    align: 'end',
    cell: (guest) => (guest.startedAt ? <RelativeTime at={guest.startedAt} bare /> : NONE),
  },
  {
    id: 'here',
    header: 'Here',
    width: 'minmax(96px,1fr)',
    extra: true,
    cell: (guest) => <HereNames guest={guest.id} />,
  },
  {
    id: 'created',
    header: 'Made',
    width: '112px',
    sortable: true,
    align: 'end',
    extra: true,
    cell: (guest) => <RelativeTime at={guest.createdAt} />,
  },
  {
    id: 'by',
    header: 'By',
    width: '112px',
    sortable: true,
    extra: true,
    cell: (guest) => <span className="truncate">{guest.createdBy}</span>,
  },
  ...RECORD_COLUMNS,
];

/** The columns that a list of ids names (the name always); without one, the usual ones. */
export function chooseColumns(ids: string | null): readonly Column<GuestView>[] {
  if (ids === null) return GUEST_COLUMNS.filter((column) => !column.extra);
  const wanted = new Set(['name', ...ids.split(',')]);
  const fields = [...wanted].flatMap((id) => fieldColumn(id) ?? []);
  return [...GUEST_COLUMNS.filter((column) => wanted.has(column.id)), ...fields];
}

/** A guest where there is no room for columns: the same facts on two lines. */
export function CompactGuest({ guest }: { guest: GuestView }) {
  const { usage, addresses } = guest;
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <div className="flex min-w-0 items-center justify-between gap-2">
        <span className="flex min-w-0 items-center gap-1.5">
          <GuestLink guest={guest} />
          <GuestMarks guest={guest} />
          <HereMark guest={guest.id} />
        </span>
        <State guest={guest} />
      </div>
      <div className="flex min-w-0 justify-between gap-2 text-muted text-xs">
        <span className="flex min-w-0 items-center gap-2">
          <span className="truncate">
            {addresses.ipv4 && guest.state !== 'stopped' ? addresses.ipv4 : guest.image}
          </span>
          {guest.tags.length > 0 && <TagChips tags={guest.tags} most={1} />}
        </span>
        {usage && (
          <span className="whitespace-nowrap">
            {formatCores(usage.cpu ?? 0)} cpu · {formatBytes(usage.memory)}
          </span>
        )}
      </div>
    </div>
  );
}
