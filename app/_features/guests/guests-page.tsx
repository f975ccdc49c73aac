'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useDeferredValue, useMemo, useState } from 'react';
import { parseQuery } from '../../../server/guest/query-schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import type { GuestPage } from '../../../server/guest/search-schema.ts';
import { toApiError, useMay, useTRPCClient } from '../../_trpc/index.ts';
import {
  Button,
  ButtonLink,
  DataTable,
  EmptyState,
  ErrorState,
  notify,
  Page,
  PageHeader,
  plural,
  Skeleton,
  type Sort,
} from '../../_ui/index.ts';
import { ViewActions } from '../views/index.ts';
import { BulkBar } from './bulk-bar.tsx';
import { ExportMenu } from './export-menu.tsx';
import { fetchGuests } from './fetch-guests.ts';
import { FilterBar } from './filter-bar.tsx';
import { CompactGuest, chooseColumns } from './guest-columns.tsx';
import { openGuestDialog } from './guest-dialog-store.ts';
import { GuestMenu } from './guest-menu.tsx';
import { readSorts, sortAlso, sortText } from './sort-keys.ts';
import { useFilterText } from './use-filter-text.ts';
import { type GuestSearch, type Laid, useGuestSearch } from './use-guest-search.ts';
import { useUrlState } from './use-url-state.ts';

/** Home: every guest, live. */
export function GuestsPage() {
  const url = useUrlState();
  const { set } = url;
  const [text, setText] = useFilterText(
    url.get('q') ?? '',
    useCallback((q: string) => set({ q }), [set]),
  );
  const q = useDeferredValue(text).slice(0, 500);
  const sort = (url.get('sort') ?? '').slice(0, 200);
  const group = (url.get('group') ?? '').slice(0, 80);
  const search = useMemo(() => ({ q, sort, group }), [q, sort, group]);
  const { page, laid, onRange, error, retry } = useGuestSearch(search);
  const hasGuests = page !== undefined && page.total > 0;
  return (
    <Page>
      <PageHeader
        title="Guests"
        summary={hasGuests && <Summary page={page} />}
        actions={
          hasGuests && (
            <>
              <ViewActions />
              <ExportMenu search={search} columns={url.get('columns')} />
              <NewGuest />
            </>
          )
        }
      />
      {page && laid ? (
        hasGuests ? (
          <GuestTable
            page={page}
            laid={laid}
            search={search}
            text={text}
            onText={setText}
            onRange={onRange}
          />
        ) : (
          <NoGuests />
        )
      ) : error ? (
        <ErrorState title="The guests cannot be read" message={toApiError(error).message} onRetry={retry} />
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
      disabledReason={refusal('guest.create', 'anywhere')}
      onClick={() => openGuestDialog({ kind: 'new' })}
    >
      New guest
    </Button>
  );
}

function Summary({ page }: { page: GuestPage }) {
  return (
    <>
      {page.matched < page.total && `${page.matched} of `}
      {page.total} · {page.states.running ?? 0} running
    </>
  );
}

interface TableProps {
  page: GuestPage;
  laid: Laid;
  search: GuestSearch;
  text: string;
  onText: (text: string) => void;
  onRange: (first: number, last: number) => void;
}

function GuestTable({ page, laid, search, text, onText, onRange }: TableProps) {
  const router = useRouter();
  const url = useUrlState();
  const columnIds = url.get('columns');
  const columns = useMemo(() => chooseColumns(columnIds), [columnIds]);
  const sorts = useMemo(() => readSorts(search.sort), [search.sort]);
  const [sort, ...then] = sorts;
  const terms = useMemo(() => parseQuery(search.q), [search.q]);
  const { selected, chosen, choose, chooseAll } = useChoice(laid, search);
  const onSort = (next: Sort) => url.set({ sort: sortText([next]) });
  const open = useCallback(
    (guest: GuestView) => router.push(`/guests/${encodeURIComponent(guest.name)}`),
    [router],
  );
  const headings = useMemo(
    () =>
      new Map(
        [...laid.headings].map(([index, { key, count }]) => [
          index,
          <GroupHead key={key} name={key} count={count} />,
        ]),
      ),
    [laid],
  );

  return (
    <>
      <FilterBar
        states={page.states}
        text={text}
        terms={terms}
        onText={onText}
        shown={columns.map((column) => column.id)}
        onColumns={(ids) => url.set({ columns: ids.join(',') })}
        sort={sort}
        onSort={onSort}
        group={search.group}
        onGroup={(group) => url.set({ group })}
      />
      {laid.rows.length > 0 ? (
        <DataTable
          label="Guests"
          rows={laid.rows}
          headings={headings.size > 0 ? headings : undefined}
          columns={columns}
          rowKey={guestId}
          rowLabel={guestNameOf}
          sort={sort}
          then={then}
          onSort={onSort}
          onSortAlso={(column) => url.set({ sort: sortText(sortAlso(sorts, column)) })}
          selected={selected}
          onSelect={choose}
          onSelectAll={chooseAll}
          onOpen={open}
          onRange={onRange}
          rowActions={rowMenu}
          compact={compactRow}
        />
      ) : (
        <EmptyState
          title="No guest matches the filter"
          action={<Button onClick={() => onText('')}>Show all {plural(page.total, 'guest')}</Button>}
        >
          {terms.map((term) => term.text).join(' and ')}
        </EmptyState>
      )}
      {chosen.length > 0 && <BulkBar guests={chosen} onClear={() => choose(new Set())} />}
    </>
  );
}

/**
 * The chosen guests. What the filter hides is not acted upon: nobody changes a guest that they do not see listed. To choose all asks
 * the server for those that were not seen yet.
 */
function useChoice(laid: Laid, { q }: GuestSearch) {
  const api = useTRPCClient();
  const [selected, choose] = useState<ReadonlySet<string>>(new Set());
  const [fetched, setFetched] = useState<{ q: string; guests: GuestView[] }>({ q: '', guests: [] });

  const chosen = useMemo(() => {
    const known = new Map(fetched.q === q ? fetched.guests.map((guest) => [guest.id, guest]) : []);
    for (const row of laid.rows) if (row) known.set(row.id, row);
    return [...known.values()].filter(({ id }) => selected.has(id));
  }, [laid, fetched, q, selected]);

  const chooseAll = async (on: boolean) => {
    if (!on) return choose(new Set());
    const seen = laid.rows.flatMap((row, index) => (row || laid.headings.has(index) ? [row] : []));
    if (seen.length === laid.rows.length)
      return choose(new Set(seen.flatMap((row) => (row ? [row.id] : []))));
    try {
      const guests = await fetchGuests(api, { q, sort: '', group: '' });
      setFetched({ q, guests });
      choose(new Set(guests.map(({ id }) => id)));
    } catch (error) {
      notify({ title: 'could not choose all', detail: toApiError(error).message, tone: 'bad' });
    }
  };
  return { selected, chosen, choose, chooseAll: (on: boolean) => void chooseAll(on) };
}

function GroupHead({ name, count }: { name: string; count: number }) {
  return (
    <>
      <span className={name ? 'truncate' : 'text-muted'}>{name || 'none'}</span>
      <span className="font-normal text-muted text-xs">{count}</span>
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
    <EmptyState
      title="No guests yet"
      action={
        <span className="flex flex-wrap justify-center gap-2">
          <NewGuest />
          <ButtonLink href="/import">Import…</ButtonLink>
        </span>
      }
    >
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
