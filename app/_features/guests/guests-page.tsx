'use client';

import { useQuery } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { toApiError, useMay, useTRPC } from '../../_trpc/index.ts';
import {
  Button,
  DataTable,
  EmptyState,
  ErrorState,
  Page,
  PageHeader,
  plural,
  Skeleton,
  type Sort,
} from '../../_ui/index.ts';
import { BulkBar } from './bulk-bar.tsx';
import { FilterBar } from './filter-bar.tsx';
import { filterGuests, parseFilter } from './filter-guests.ts';
import { CompactGuest, chooseColumns } from './guest-columns.tsx';
import { openGuestDialog } from './guest-dialog-store.ts';
import { GuestMenu } from './guest-menu.tsx';
import { sortGuests } from './sort-guests.ts';
import { useFilterText } from './use-filter-text.ts';
import { useUrlState } from './use-url-state.ts';

/** `-memory` is by memory, the largest first. */
function readSort(text: string | null): Sort {
  if (!text) return { column: 'name', descending: false };
  return text.startsWith('-')
    ? { column: text.slice(1), descending: true }
    : { column: text, descending: false };
}

/** Home: every guest, live. */
export function GuestsPage() {
  const trpc = useTRPC();
  const list = useQuery(trpc.guest.list.queryOptions());
  const guests = list.data;
  return (
    <Page>
      <PageHeader
        title="Guests"
        summary={guests && guests.length > 0 && <Summary guests={guests} />}
        actions={guests && guests.length > 0 && <NewGuest />}
      />
      {guests ? (
        guests.length > 0 ? (
          <GuestTable guests={guests} />
        ) : (
          <NoGuests />
        )
      ) : list.error ? (
        <ErrorState
          title="The guests cannot be read"
          message={toApiError(list.error).message}
          onRetry={() => void list.refetch()}
        />
      ) : (
        <Loading />
      )}
    </Page>
  );
}

function NewGuest() {
  const refusal = useMay();
  return (
    <Button
      look="primary"
      icon="plus"
      disabledReason={refusal('guest.create')}
      onClick={() => openGuestDialog({ kind: 'new' })}
    >
      New guest
    </Button>
  );
}

function Summary({ guests }: { guests: readonly GuestView[] }) {
  const running = guests.filter((guest) => guest.state === 'running').length;
  return (
    <>
      {guests.length} · {running} running
    </>
  );
}

function GuestTable({ guests }: { guests: readonly GuestView[] }) {
  const router = useRouter();
  const url = useUrlState();
  const [selected, setSelected] = useState<ReadonlySet<string>>(new Set());
  const { set } = url;
  const [text, setText] = useFilterText(
    url.get('q') ?? '',
    useCallback((q: string) => set({ q }), [set]),
  );
  const settled = useDeferredValue(text);
  const sortText = url.get('sort');
  const columnIds = url.get('columns');

  const columns = useMemo(() => chooseColumns(columnIds), [columnIds]);
  const sort = useMemo(() => readSort(sortText), [sortText]);
  const terms = useMemo(() => parseFilter(settled), [settled]);
  const rows = useMemo(() => sortGuests(filterGuests(guests, terms), sort), [guests, terms, sort]);
  // What the filter hides is not acted upon: nobody changes a guest that they do not see listed.
  const chosen = useMemo(() => rows.filter((guest) => selected.has(guest.id)), [rows, selected]);
  const onSort = (next: Sort) => set({ sort: `${next.descending ? '-' : ''}${next.column}` });
  const open = useCallback(
    (guest: GuestView) => router.push(`/guests/${encodeURIComponent(guest.name)}`),
    [router],
  );

  return (
    <>
      <FilterBar
        guests={guests}
        text={text}
        terms={terms}
        onText={setText}
        shown={columns.map((column) => column.id)}
        onColumns={(ids) => url.set({ columns: ids.join(',') })}
        sort={sort}
        onSort={onSort}
      />
      {rows.length > 0 ? (
        <DataTable
          label="Guests"
          rows={rows}
          columns={columns}
          rowKey={guestId}
          rowLabel={guestNameOf}
          sort={sort}
          onSort={onSort}
          selected={selected}
          onSelect={setSelected}
          onOpen={open}
          rowActions={rowMenu}
          compact={compactRow}
        />
      ) : (
        <EmptyState
          title="No guest matches the filter"
          action={<Button onClick={() => setText('')}>Show all {plural(guests.length, 'guest')}</Button>}
        >
          {terms.map((term) => term.text).join(' and ')}
        </EmptyState>
      )}
      {chosen.length > 0 && <BulkBar guests={chosen} onClear={() => setSelected(new Set())} />}
    </>
  );
}

const guestId = (guest: GuestView) => guest.id;
const guestNameOf = (guest: GuestView) => guest.name;
const rowMenu = (guest: GuestView) => <GuestMenu guest={guest} />;
const compactRow = (guest: GuestView) => <CompactGuest guest={guest} />;

/** The first screen after set-up: one button, and what it will do. */
function NoGuests() {
  return (
    <EmptyState title="No guests yet" action={<NewGuest />}>
      A guest is a whole Linux, or one isolated daemon, in namespaces and limits of its own. The button opens
      a sheet with everything filled in; nothing is made before you confirm it.
    </EmptyState>
  );
}

const PLACES = Array.from({ length: 8 }, (_, index) => `place-${index}`);

function Loading() {
  return (
    <div role="status" aria-label="reading the guests" className="flex flex-col gap-5 px-6 py-6">
      {PLACES.map((place) => (
        <Skeleton key={place} className="w-full" />
      ))}
    </div>
  );
}
