'use client';

import { useMemo, useState } from 'react';
import type { GuestProcess } from '../../../server/guest/effects-schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import { useMay } from '../../_trpc/index.ts';
import {
  type Column,
  DataTable,
  EmptyState,
  ErrorState,
  formatBytes,
  formatCores,
  Icon,
  IconButton,
  Menu,
  plural,
  RelativeTime,
  Skeleton,
  type Sort,
  TextInput,
} from '../../_ui/index.ts';
import { useGuest } from '../guest-page/index.ts';
import { type Signal, SignalDialog } from './signal-dialog.tsx';
import { filterProcesses, sortProcesses } from './sort-processes.ts';
import { useProcesses } from './use-processes.ts';

/** The server sends no more. */
const MOST = 2000;

const COLUMNS: readonly Column<GuestProcess>[] = [
  {
    id: 'pid',
    header: 'Pid',
    width: '72px',
    align: 'end',
    sortable: true,
    cell: ({ guestPid }) => guestPid ?? '–',
  },
  {
    id: 'hostPid',
    header: 'On the host',
    width: '104px',
    align: 'end',
    sortable: true,
    cell: ({ pid }) => <span className="text-muted">{pid}</span>,
  },
  {
    id: 'user',
    header: 'User',
    width: '104px',
    sortable: true,
    cell: ({ user }) => <span className="truncate">{user}</span>,
  },
  {
    id: 'state',
    header: 'State',
    width: '112px',
    sortable: true,
    cell: ({ state }) => <span className="truncate text-muted">{state}</span>,
  },
  {
    id: 'threads',
    header: 'Threads',
    width: '88px',
    align: 'end',
    sortable: true,
    cell: ({ threads }) => threads,
  },
  {
    id: 'cpu',
    header: 'CPU',
    width: '72px',
    align: 'end',
    sortable: true,
    cell: ({ cpu }) => (cpu === null ? '–' : formatCores(cpu)),
  },
  {
    id: 'memory',
    header: 'Memory',
    width: '96px',
    align: 'end',
    sortable: true,
    cell: ({ memory }) => formatBytes(memory),
  },
  {
    id: 'started',
    header: 'Up for',
    width: '104px',
    align: 'end',
    sortable: true,
    cell: ({ startedAt }) => <RelativeTime at={startedAt} bare />,
  },
  {
    id: 'command',
    header: 'Command',
    width: 'minmax(200px, 1fr)',
    sortable: true,
    cell: ({ command }) => (
      <span className="truncate font-mono text-xs" title={command}>
        {command}
      </span>
    ),
  },
];

/** The Processes tab. */
export function ProcessesPage() {
  const { guest } = useGuest();
  if (!guest) return <Skeleton className="m-6 h-48" />;
  if (guest.initPid === null) {
    return <EmptyState title={`${guest.name} does not run`}>It has no processes.</EmptyState>;
  }
  return <Processes key={guest.id} guest={guest} />;
}

function Processes({ guest }: { guest: GuestView }) {
  const { processes, error, retry } = useProcesses(guest.id, guest.initPid);
  const disabledReason = useMay()('guest.run', guest.id);
  const [sort, setSort] = useState<Sort>({ column: 'cpu', descending: true });
  const [text, setText] = useState('');
  const [signalling, setSignalling] = useState<{ process: GuestProcess; signal: Signal } | null>(null);
  const rows = useMemo(
    () => sortProcesses(filterProcesses(processes ?? [], text), sort),
    [processes, text, sort],
  );
  if (error) return <ErrorState title="The processes cannot be read" message={error} onRetry={retry} />;
  if (!processes) {
    return (
      <div role="status" aria-label="reading the processes" className="flex flex-col gap-5 p-6">
        <Skeleton />
        <Skeleton />
        <Skeleton />
      </div>
    );
  }
  const menu = (process: GuestProcess) => (
    <Menu
      trigger={<IconButton icon="more" label={`Signals for ${process.guestPid ?? process.pid}`} />}
      entries={[
        {
          label: 'End it…',
          icon: 'stop',
          disabledReason,
          onSelect: () => setSignalling({ process, signal: 'SIGTERM' }),
        },
        {
          label: 'Kill it…',
          icon: 'close',
          danger: true,
          disabledReason,
          onSelect: () => setSignalling({ process, signal: 'SIGKILL' }),
        },
        {
          label: 'Another signal…',
          icon: 'pulse',
          disabledReason,
          onSelect: () => setSignalling({ process, signal: 'SIGHUP' }),
        },
      ]}
    />
  );
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-3 px-4 py-3 sm:px-6">
        <TextInput
          type="search"
          data-shortcut="filter"
          aria-label="Filter processes"
          placeholder="command, user or pid"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          className="max-w-sm"
        />
        <span role="status" className="text-muted text-sm">
          {rows.length === processes.length
            ? plural(processes.length, 'process', 'processes')
            : `${rows.length} of ${processes.length}`}
          {processes.length >= MOST && ', the first only'}
        </span>
        {guest.state === 'frozen' && (
          <span className="inline-flex items-center gap-1.5 text-cold text-sm">
            <Icon name="snow" size={14} />
            frozen: none of them runs; a signal waits
          </span>
        )}
      </div>
      {rows.length > 0 ? (
        <DataTable
          label="processes"
          rows={rows}
          columns={COLUMNS}
          rowKey={({ pid }) => String(pid)}
          rowLabel={({ command }) => command}
          sort={sort}
          onSort={setSort}
          rowActions={menu}
          compact={(process) => <CompactProcess process={process} />}
        />
      ) : (
        <p className="px-6 text-muted text-sm">No process matches {text}.</p>
      )}
      {signalling && <SignalDialog guest={guest.name} {...signalling} onClose={() => setSignalling(null)} />}
    </div>
  );
}

function CompactProcess({ process }: { process: GuestProcess }) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <span className="truncate font-mono text-xs">{process.command}</span>
      <span className="flex justify-between gap-2 text-muted text-xs">
        <span className="truncate">
          {process.guestPid ?? process.pid} · {process.user} · {process.state}
        </span>
        <span className="whitespace-nowrap">
          {process.cpu === null ? '–' : formatCores(process.cpu)} · {formatBytes(process.memory)}
        </span>
      </span>
    </div>
  );
}
