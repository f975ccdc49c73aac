'use client';

import { useCallback, useDeferredValue, useMemo } from 'react';
import type { GuestPage } from '../../../server/guest/search-schema.ts';
import { toApiError, useMay } from '../../_trpc/index.ts';
import {
  Button,
  ButtonLink,
  EmptyState,
  ErrorState,
  Page,
  PageHeader,
  Skeleton,
  useStable,
} from '../../_ui/index.ts';
import { useOpeningView, ViewActions } from '../views/index.ts';
import { BulkBar } from './bulk-bar.tsx';
import { ColourLegend } from './colour-legend.tsx';
import { ExportMenu } from './export-menu.tsx';
import { GuestBoard } from './guest-board.tsx';
import { openGuestDialog } from './guest-dialog-store.ts';
import { type FilterProps, GuestFilter, NoMatch } from './guest-filter.tsx';
import { GuestTable } from './guest-table.tsx';
import { type GuestsLayout, readLayout } from './guests-layout.ts';
import { BOARD_PART, type BoardColumn } from './lay-board.ts';
import { useChoice } from './use-choice.ts';
import { useFilterText } from './use-filter-text.ts';
import { useGuestBoard } from './use-guest-board.ts';
import { useGuestSearch, useSearchAhead } from './use-guest-search.ts';
import { useUrlState } from './use-url-state.ts';

/** By what a board has columns when nothing is said. */
const BOARD_GROUP = 'state';

/** Home: every guest, live. */
export function GuestsPage() {
  const url = useUrlState();
  const { set } = url;
  const [text, onText] = useFilterText(
    url.get('q') ?? '',
    useCallback((q: string) => set({ q }), [set]),
  );
  const q = useDeferredValue(text).slice(0, 500);
  const sort = (url.get('sort') ?? '').slice(0, 200);
  const layout = readLayout(url.get('layout'));
  const group = (url.get('group') ?? '').slice(0, 80) || (layout.kind === 'board' ? BOARD_GROUP : '');
  const search = useMemo(() => ({ q, sort, group }), [q, sort, group]);
  const askAhead = useSearchAhead(layout.kind === 'board' ? BOARD_PART : undefined);
  const type = useStable((next: string) => {
    askAhead({ q: next.slice(0, 500), sort, group });
    onText(next);
  });
  const filter = { search, text, onText: type };
  const isOpening = useOpeningView();
  return (
    <Page>
      {isOpening ? (
        <Loading />
      ) : layout.kind === 'board' ? (
        <BoardBody filter={filter} layout={layout} />
      ) : (
        <TableBody filter={filter} />
      )}
    </Page>
  );
}

function TableBody({ filter }: { filter: FilterProps }) {
  const { page, laid, onRange, error, retry } = useGuestSearch(filter.search);
  return (
    <>
      <Head page={page} filter={filter} />
      {page && laid && page.total > 0 ? (
        <GuestTable filter={filter} found={{ page, laid, onRange }} />
      ) : (
        <NothingYet page={page} error={error} onRetry={retry} />
      )}
    </>
  );
}

function BoardBody({ filter, layout }: { filter: FilterProps; layout: GuestsLayout }) {
  const { page, columns, onSeen, error, retry } = useGuestBoard(filter.search);
  return (
    <>
      <Head page={page} filter={filter} />
      {page && columns && page.total > 0 ? (
        <FoundBoard filter={filter} layout={layout} found={{ page, columns, onSeen }} />
      ) : (
        <NothingYet page={page} error={error} onRetry={retry} />
      )}
    </>
  );
}

interface FoundBoardProps {
  filter: FilterProps;
  layout: GuestsLayout;
  found: { page: GuestPage; columns: BoardColumn[] } & Pick<ReturnType<typeof useGuestBoard>, 'onSeen'>;
}

function FoundBoard({ filter, layout, found }: FoundBoardProps) {
  const { page, columns, onSeen } = found;
  const { search } = filter;
  const rows = useMemo(() => columns.flatMap((column) => column.rows), [columns]);
  const { selected, chosen, choose, chooseAll } = useChoice(rows, search);
  return (
    <>
      <GuestFilter {...filter} states={page.states} shown={[]} />
      {page.matched > 0 ? (
        <>
          <ColourLegend colour={layout.colour} />
          <GuestBoard
            columns={columns}
            group={search.group}
            colour={layout.colour}
            selected={selected}
            onSelect={choose}
            onSelectAll={chooseAll}
            onSeen={onSeen}
          />
        </>
      ) : (
        <NoMatch {...filter} total={page.total} />
      )}
      {chosen.length > 0 && <BulkBar guests={chosen} onClear={() => choose(new Set())} />}
    </>
  );
}

function Head({ page, filter }: { page: GuestPage | undefined; filter: FilterProps }) {
  const url = useUrlState();
  const hasGuests = page !== undefined && page.total > 0;
  return (
    <PageHeader
      title="Guests"
      summary={hasGuests && <Summary page={page} />}
      actions={
        hasGuests && (
          <>
            <ViewActions />
            <ExportMenu search={filter.search} columns={url.get('columns')} />
            <NewGuest />
          </>
        )
      }
    />
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

interface NothingYetProps {
  page: GuestPage | undefined;
  error: unknown;
  onRetry: () => void;
}

/** There are no guests, or it is not known whether there are. */
function NothingYet({ page, error, onRetry }: NothingYetProps) {
  if (page) return <NoGuests />;
  if (!error) return <Loading />;
  return (
    <ErrorState title="The guests cannot be read" message={toApiError(error).message} onRetry={onRetry} />
  );
}

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
