'use client';

import { useMemo } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { GUEST_STATES } from '../../../server/guest/state.ts';
import { Chip, Icon, IconButton, Kbd, Menu, type Sort, setDensity, useDensity } from '../../_ui/index.ts';
import { type FilterTerm, toggleTerm } from './filter-guests.ts';
import { GUEST_COLUMNS } from './guest-columns.tsx';

export interface FilterBarProps {
  guests: readonly GuestView[];
  text: string;
  terms: readonly FilterTerm[];
  onText: (text: string) => void;
  /** Ids of the columns shown. */
  shown: readonly string[];
  onColumns: (ids: string[]) => void;
  sort: Sort;
  onSort: (sort: Sort) => void;
}

/** The filter as text, the states as chips to press, and how the table looks. */
export function FilterBar(props: FilterBarProps) {
  const { guests, text, terms, onText, shown, onColumns } = props;
  const density = useDensity();
  const counts = useMemo(() => {
    const all = new Map<string, number>();
    for (const { state } of guests) all.set(state, (all.get(state) ?? 0) + 1);
    return all;
  }, [guests]);
  const words = text.split(/\s+/);
  const problem = terms.find((term) => term.problem);
  const toggleColumn = (id: string, on: boolean) =>
    onColumns(
      GUEST_COLUMNS.map((column) => column.id).filter((each) => (each === id ? on : shown.includes(each))),
    );

  return (
    <div className="flex flex-col gap-2 px-4 pb-3 sm:px-6">
      <div className="flex flex-wrap items-center gap-2">
        <label className="relative min-w-0 flex-1 basis-full sm:max-w-md sm:basis-auto">
          <span className="sr-only">Filter guests</span>
          <Icon
            name="search"
            className="pointer-events-none absolute top-2 left-2.5 text-muted max-sm:top-3"
          />
          <input
            type="search"
            data-shortcut="filter"
            value={text}
            onChange={(event) => onText(event.currentTarget.value)}
            placeholder="state:running image:debian mem>512M"
            aria-invalid={problem ? true : undefined}
            aria-describedby="filter-problem"
            className="h-8 w-full rounded-md border border-line-strong bg-surface pr-8 pl-8 text-sm placeholder:text-muted aria-invalid:border-bad max-sm:h-10 max-sm:text-lg"
          />
          <span className="absolute top-1.5 right-2 text-muted max-sm:hidden">
            {!text && <Kbd keys="/" />}
          </span>
        </label>
        {GUEST_STATES.filter((state) => counts.has(state) || words.includes(`state:${state}`)).map(
          (state) => (
            <Chip
              key={state}
              pressed={words.includes(`state:${state}`)}
              aside={counts.get(state) ?? 0}
              onClick={() => onText(toggleTerm(text, `state:${state}`))}
            >
              {state}
            </Chip>
          ),
        )}
        <SortMenu sort={props.sort} onSort={props.onSort} />
        <div className="ml-auto flex max-sm:hidden">
          <Menu
            trigger={<IconButton icon="columns" label="Columns and rows" />}
            entries={[
              { heading: 'Columns' },
              ...GUEST_COLUMNS.slice(1).map((column) => ({
                label: column.header,
                checked: shown.includes(column.id),
                onChange: (on: boolean) => toggleColumn(column.id, on),
              })),
              'separator' as const,
              {
                label: 'Comfortable rows',
                checked: density === 'comfortable',
                onChange: (on: boolean) => setDensity(on ? 'comfortable' : 'dense'),
              },
            ]}
          />
        </div>
      </div>
      <p id="filter-problem" role="status" className={problem ? 'text-bad text-sm' : 'sr-only'}>
        {problem?.problem}
      </p>
    </div>
  );
}

/** Where there is no head to press: by which column, and which way. */
function SortMenu({ sort, onSort }: Pick<FilterBarProps, 'sort' | 'onSort'>) {
  return (
    <div className="ml-auto sm:hidden">
      <Menu
        trigger={<IconButton icon="sort" label="Sort" />}
        entries={[
          { heading: 'Sort by' },
          ...GUEST_COLUMNS.filter((column) => column.sortable).map((column) => ({
            label: column.header,
            checked: sort.column === column.id,
            onChange: () => onSort({ column: column.id, descending: sort.descending }),
          })),
          'separator' as const,
          {
            label: 'The largest first',
            checked: sort.descending,
            onChange: (descending: boolean) => onSort({ column: sort.column, descending }),
          },
        ]}
      />
    </div>
  );
}
