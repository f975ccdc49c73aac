'use client';

import { useMemo } from 'react';
import { parseQuery } from '../../../server/guest/query-schema.ts';
import type { GuestPage } from '../../../server/guest/search-schema.ts';
import { Button, EmptyState, plural, type Sort } from '../../_ui/index.ts';
import { FilterBar } from './filter-bar.tsx';
import { readLayout } from './guests-layout.ts';
import { readSorts, sortText } from './sort-keys.ts';
import type { GuestSearch } from './use-guest-search.ts';
import { useUrlState } from './use-url-state.ts';

/** A search, and the text that it is written as. */
export interface FilterProps {
  search: GuestSearch;
  text: string;
  onText: (text: string) => void;
}

interface GuestFilterProps extends FilterProps {
  states: GuestPage['states'];
  /** Ids of the columns shown. */
  shown: readonly string[];
}

/** The bar above the guests; what is chosen in it goes into the address. */
export function GuestFilter({ search, text, onText, states, shown }: GuestFilterProps) {
  const url = useUrlState();
  const terms = useMemo(() => parseQuery(search.q), [search.q]);
  const [sort] = readSorts(search.sort);
  return (
    <FilterBar
      states={states}
      text={text}
      terms={terms}
      onText={onText}
      shown={shown}
      onColumns={(ids) => url.set({ columns: ids.join(',') })}
      sort={sort}
      onSort={(next: Sort) => url.set({ sort: sortText([next]) })}
      group={search.group}
      onGroup={(group) => url.set({ group })}
      layout={readLayout(url.get('layout'))}
      onLayout={(layout) => url.set({ layout })}
    />
  );
}

/** Nothing is found: by which words, and the way back. */
export function NoMatch({ search, onText, total }: FilterProps & { total: number }) {
  return (
    <EmptyState
      title="No guest matches the filter"
      action={<Button onClick={() => onText('')}>Show all {plural(total, 'guest')}</Button>}
    >
      {parseQuery(search.q)
        .map((term) => term.text)
        .join(' and ')}
    </EmptyState>
  );
}
