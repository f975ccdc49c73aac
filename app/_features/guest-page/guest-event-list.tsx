'use client';

import type { GuestView } from '../../../server/guest/schema.ts';
import { type GuestEvent, toApiError, useGuestEventHistory } from '../../_trpc/index.ts';
import {
  Badge,
  type Column,
  CommandLine,
  DataTable,
  EmptyState,
  ErrorState,
  formatExact,
  type IconName,
  RelativeTime,
  Skeleton,
  type Tone,
} from '../../_ui/index.ts';

/** What each kind is called, and how grave it is. */
const LOOK: Record<GuestEvent['kind'], { word: string; tone: Tone; icon?: IconName }> = {
  'oom-kill': { word: 'out of memory', tone: 'bad' },
  'memory-full': { word: 'memory full', tone: 'wait', icon: 'warning' },
  'memory-high': { word: 'slowed down', tone: 'wait', icon: 'clock' },
  throttled: { word: 'held back', tone: 'wait', icon: 'clock' },
  'pids-refused': { word: 'forks refused', tone: 'wait', icon: 'warning' },
  frozen: { word: 'frozen', tone: 'cold' },
  thawed: { word: 'unfrozen', tone: 'ok' },
  exit: { word: 'ended', tone: 'idle' },
};

const COLUMNS: readonly Column<GuestEvent>[] = [
  { id: 'kind', header: 'Event', width: '144px', cell: (event) => <Kind event={event} /> },
  {
    id: 'message',
    header: 'What happened',
    width: 'minmax(160px, 1fr)',
    cell: ({ message }) => (
      <span className="truncate" title={message}>
        {message}
      </span>
    ),
  },
  {
    id: 'clock',
    header: 'At',
    width: '112px',
    align: 'end',
    cell: ({ at }) => <span className="text-muted">{clock(at)}</span>,
  },
  { id: 'when', header: 'When', width: '112px', align: 'end', cell: ({ at }) => <RelativeTime at={at} /> },
];

/** What the kernel did to a guest, the newest first, as it happens. */
export function GuestEventList({ guest }: { guest: GuestView }) {
  const { events, error, isPending, refetch } = useGuestEventHistory(guest.id);
  if (error && events.length === 0) {
    return (
      <ErrorState
        title="The events could not be read"
        message={toApiError(error).message}
        onRetry={() => void refetch()}
      />
    );
  }
  if (isPending) {
    return (
      <div className="flex flex-col gap-4 p-6" aria-busy="true">
        {['a', 'b', 'c'].map((key) => (
          <Skeleton key={key} />
        ))}
      </div>
    );
  }
  return (
    <>
      {events.length === 0 ? (
        <EmptyState title="Nothing happened yet">
          Freezing, throttling, refused forks, memory that ran out and the end of its init show here within
          milliseconds.
        </EmptyState>
      ) : (
        <DataTable
          label={`kernel events of ${guest.name}`}
          rows={events}
          columns={COLUMNS}
          rowKey={({ at, kind }) => `${at} ${kind}`}
          rowLabel={({ message }) => message}
          compact={(event) => <CompactEvent event={event} />}
        />
      )}
      <div className="border-line border-t px-4 py-2 sm:px-6">
        <CommandLine label="CLI" text={`berth guest monitor ${guest.name}`} />
      </div>
    </>
  );
}

function Kind({ event }: { event: GuestEvent }) {
  const { word, tone, icon } = LOOK[event.kind];
  return (
    <Badge tone={tone} icon={icon} plain>
      {word}
    </Badge>
  );
}

function CompactEvent({ event }: { event: GuestEvent }) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <div className="flex items-center justify-between gap-2">
        <Kind event={event} />
        <span className="text-muted text-xs">
          <RelativeTime at={event.at} />
        </span>
      </div>
      <span className="truncate text-muted text-xs">{event.message}</span>
    </div>
  );
}

/** `14:05:09.123`, by the clock of whoever looks. */
function clock(at: string): string {
  return `${formatExact(at).slice(11)}.${at.slice(20, 23)}`;
}
