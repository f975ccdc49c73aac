'use client';

import { useRouter } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import type { GuestPage } from '../../../server/guest/search-schema.ts';
import { DataTable, type Sort } from '../../_ui/index.ts';
import { BulkBar } from './bulk-bar.tsx';
import { CompactGuest, chooseColumns } from './guest-columns.tsx';
import { type FilterProps, GuestFilter, NoMatch } from './guest-filter.tsx';
import { GuestMenu } from './guest-menu.tsx';
import { readSorts, sortAlso, sortText } from './sort-keys.ts';
import { useChoice } from './use-choice.ts';
import type { useGuestSearch } from './use-guest-search.ts';
import { useUrlState } from './use-url-state.ts';

/** The guests that a search finds as rows. */
export function GuestTable({ filter, found }: { filter: FilterProps; found: FoundRows }) {
  const { search } = filter;
  const { page, laid, onRange } = found;
  const router = useRouter();
  const url = useUrlState();
  const columnIds = url.get('columns');
  const columns = useMemo(() => chooseColumns(columnIds), [columnIds]);
  const sorts = useMemo(() => readSorts(search.sort), [search.sort]);
  const [sort, ...then] = sorts;
  const { selected, chosen, choose, chooseAll } = useChoice(laid.rows, search, laid.headings);
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
      <GuestFilter {...filter} states={page.states} shown={columns.map((column) => column.id)} />
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
        <NoMatch {...filter} total={page.total} />
      )}
      {chosen.length > 0 && <BulkBar guests={chosen} onClear={() => choose(new Set())} />}
    </>
  );
}

/** What a search has found, as the table lays it out. */
export interface FoundRows extends Pick<ReturnType<typeof useGuestSearch>, 'onRange'> {
  page: GuestPage;
  laid: NonNullable<ReturnType<typeof useGuestSearch>['laid']>;
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
