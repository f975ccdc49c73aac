'use client';

import { useQuery } from '@tanstack/react-query';
import { useDeferredValue, useMemo, useState } from 'react';
import type { TrashView } from '../../../server/trash/schema.ts';
import { ALONE, toApiError, useMay, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import {
  Button,
  DataTable,
  EmptyState,
  ErrorState,
  formatBytes,
  IconButton,
  Menu,
  notify,
  Page,
  PageHeader,
  plural,
  Skeleton,
  type Sort,
} from '../../_ui/index.ts';
import { DeleteTrashedDialog } from './delete-trashed-dialog.tsx';
import { RestoreDialog } from './restore-dialog.tsx';
import { TrashBar } from './trash-bar.tsx';
import { CompactTrashed, matchesTrash, sortTrash, TRASH_COLUMNS } from './trash-columns.tsx';

const FIRST: Sort = { column: 'deleted', descending: true };

/** Guests that were deleted and can be brought back for a time. */
export function TrashPage() {
  const trpc = useTRPC();
  const list = useQuery(trpc.trash.list.queryOptions(undefined, { refetchOnMount: 'always' }));
  const may = useMay();
  const [deleting, setDeleting] = useState<readonly TrashView[]>([]);
  const [restoring, setRestoring] = useState<TrashView | null>(null);
  const guests = list.data?.guests;
  const days = list.data?.days ?? 0;
  const mine = guests?.filter(({ id }) => may('guest.delete', id) === null) ?? [];
  const bytes = guests?.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0) ?? 0;
  return (
    <Page>
      <PageHeader
        title="Trash"
        summary={
          list.data && (
            <>
              {guests && guests.length > 0 && `${plural(guests.length, 'guest')} · ${formatBytes(bytes)} · `}
              {days === 0 ? 'nothing is kept' : `kept for ${plural(days, 'day')}`}
            </>
          )
        }
        actions={
          guests &&
          guests.length > 0 && (
            <Button
              icon="trash"
              disabledReason={mine.length > 0 ? null : may('guest.delete', guests[0]?.id)}
              onClick={() => setDeleting(mine)}
            >
              Empty the trash…
            </Button>
          )
        }
      />
      {guests ? (
        guests.length > 0 ? (
          <TrashTable guests={guests} onDelete={setDeleting} onRename={setRestoring} />
        ) : (
          <EmptyState title="The trash is empty">
            {days === 0
              ? 'Guests that are deleted are gone for good at once: root has set so with berth trash days 0.'
              : `Guests that are deleted stay here for ${plural(days, 'day')} with their files, settings, addresses and roles, and can be brought back until then.`}
          </EmptyState>
        )
      ) : list.error ? (
        <ErrorState
          title="The trash cannot be read"
          message={toApiError(list.error).message}
          onRetry={() => void list.refetch()}
        />
      ) : (
        <div role="status" aria-label="reading the trash" className="flex flex-col gap-5 px-6 py-6">
          <Skeleton className="w-full" />
          <Skeleton className="w-full" />
        </div>
      )}
      {deleting.length > 0 && <DeleteTrashedDialog guests={deleting} onClose={() => setDeleting([])} />}
      {restoring && <RestoreDialog guest={restoring} onClose={() => setRestoring(null)} />}
    </Page>
  );
}

function TrashTable(props: {
  guests: readonly TrashView[];
  onDelete: (guests: readonly TrashView[]) => void;
  onRename: (guest: TrashView) => void;
}) {
  const { guests, onDelete, onRename } = props;
  const [text, setText] = useState('');
  const [sort, setSort] = useState(FIRST);
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const wanted = useDeferredValue(text.trim());
  const rows = useMemo(
    () =>
      sortTrash(
        guests.filter((guest) => matchesTrash(guest, wanted)),
        sort,
      ),
    [guests, wanted, sort],
  );
  // What the filter hides is not acted upon.
  const chosen = rows.filter(({ id }) => selected.has(id));
  return (
    <>
      <div className="px-4 pb-3 sm:px-6">
        <input
          type="search"
          aria-label="Filter the trash"
          data-shortcut="filter"
          placeholder="name, project, tag, who deleted it"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
          spellCheck={false}
          autoComplete="off"
          className="h-8 w-full rounded-md border border-line-strong bg-surface px-3 text-sm placeholder:text-muted max-sm:h-10 max-sm:text-lg sm:max-w-md"
        />
      </div>
      {rows.length > 0 ? (
        <DataTable
          label="Guests in the trash"
          rows={rows}
          columns={TRASH_COLUMNS}
          rowKey={idOf}
          rowLabel={nameOf}
          sort={sort}
          onSort={setSort}
          selected={selected}
          onSelect={setSelected}
          rowActions={(guest) => <TrashMenu guest={guest} onDelete={onDelete} onRename={onRename} />}
          compact={(guest) => <CompactTrashed guest={guest} />}
        />
      ) : (
        <EmptyState
          title="Nothing in the trash matches the filter"
          action={<Button onClick={() => setText('')}>Show all {plural(guests.length, 'guest')}</Button>}
        />
      )}
      <TrashBar chosen={chosen} onClear={() => setSelected(new Set())} onDelete={onDelete} />
    </>
  );
}

const idOf = ({ id }: TrashView) => id;
const nameOf = ({ name }: TrashView) => name;

function TrashMenu(props: {
  guest: TrashView;
  onDelete: (guests: readonly TrashView[]) => void;
  onRename: (guest: TrashView) => void;
}) {
  const { guest, onDelete, onRename } = props;
  const api = useTRPCClient();
  const may = useMay();
  const refusal = may('guest.delete', guest.id) ?? (guest.operation ? 'something is at work on it' : null);
  const restore = async () => {
    if (guest.nameTaken) return onRename(guest);
    try {
      await api.trash.restore.mutate({ guest: guest.id, wait: true }, ALONE);
      notify({ title: `${guest.name} is back` });
    } catch (error) {
      const { code, message } = toApiError(error);
      if (code === 'name_taken') onRename(guest);
      else notify({ title: `${guest.name} stays in the trash`, detail: message, tone: 'bad' });
    }
  };
  return (
    <Menu
      trigger={<IconButton icon="more" label={`Actions for ${guest.name}`} />}
      entries={[
        {
          label: guest.nameTaken ? 'Restore under another name…' : 'Restore',
          icon: 'undo',
          disabledReason: refusal,
          onSelect: () => void restore(),
        },
        {
          label: 'Delete for good…',
          icon: 'trash',
          disabledReason: refusal,
          onSelect: () => onDelete([guest]),
        },
      ]}
    />
  );
}
