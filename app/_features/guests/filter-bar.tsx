'use client';

import { type QueryTerm, queryWords, toggleTerm } from '../../../server/guest/query-schema.ts';
import type { GuestPage } from '../../../server/guest/search-schema.ts';
import { GUEST_STATES } from '../../../server/guest/state.ts';
import { Chip, cx, IconButton, Menu, type Sort, setDensity, useDensity } from '../../_ui/index.ts';
import { GroupMenu } from './group-menu.tsx';
import { GUEST_COLUMNS } from './guest-columns.tsx';
import { ColourMenu, LayoutSwitch, type LayoutSwitchProps } from './layout-switch.tsx';
import { SearchField } from './search-field.tsx';
import { useFieldNames } from './use-field-names.ts';

export interface FilterBarProps extends LayoutSwitchProps {
  /** How many guests are in each state. */
  states: GuestPage['states'];
  text: string;
  terms: readonly QueryTerm[];
  onText: (text: string) => void;
  /** Ids of the columns shown. */
  shown: readonly string[];
  onColumns: (ids: string[]) => void;
  sort: Sort;
  onSort: (sort: Sort) => void;
  group: string;
  onGroup: (group: string) => void;
}

/** The search as text and as chips, the states as chips to press, and how the table looks. */
export function FilterBar(props: FilterBarProps) {
  const { states, text, terms, onText, shown, onColumns } = props;
  const density = useDensity();
  const isBoard = props.layout.kind === 'board';
  const words = queryWords(text);
  const stateTerm = (state: string) => `state:${state}`;
  const problem = terms.find((term) => term.problem)?.problem ?? null;
  const others = terms.filter(({ text: word }) => !GUEST_STATES.some((state) => word === stateTerm(state)));
  const fields = useFieldNames();
  const columns = [
    ...GUEST_COLUMNS.map(({ id, header }) => ({ id, header })),
    ...fields.map((name) => ({ id: `field:${name}`, header: name })),
  ];
  const toggleColumn = (id: string, on: boolean) =>
    onColumns(columns.map((column) => column.id).filter((each) => (each === id ? on : shown.includes(each))));
  const without = (word: string) => {
    const at = words.indexOf(word);
    onText(words.filter((_, index) => index !== at).join(' '));
  };

  return (
    <div className="flex flex-col gap-2 px-4 pb-3 sm:px-6">
      <div className="flex flex-wrap items-start gap-2">
        <SearchField text={text} onText={onText} problem={problem} />
        <div className="flex min-h-8 flex-wrap items-center gap-2">
          {GUEST_STATES.filter((state) => states[state] || words.includes(stateTerm(state))).map((state) => (
            <Chip
              key={state}
              pressed={words.includes(stateTerm(state))}
              aside={states[state] ?? 0}
              onClick={() => onText(toggleTerm(text, stateTerm(state)))}
            >
              {state}
            </Chip>
          ))}
        </div>
        <div className="ml-auto flex items-center gap-1">
          <LayoutSwitch layout={props.layout} onLayout={props.onLayout} />
          <GroupMenu group={props.group} onGroup={props.onGroup} />
          <SortMenu sort={props.sort} onSort={props.onSort} always={isBoard} />
          {isBoard && <ColourMenu layout={props.layout} onLayout={props.onLayout} />}
          <span className={cx('max-sm:hidden', isBoard && 'hidden')}>
            <Menu
              trigger={<IconButton icon="columns" label="Columns and rows" />}
              entries={[
                { heading: 'Columns' },
                ...columns.slice(1).map((column) => ({
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
          </span>
        </div>
      </div>
      {others.length > 0 && (
        <ul aria-label="filters in force" className="flex min-w-0 flex-wrap gap-1.5">
          {others.map((term, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: the same word may be there twice
            <li key={`${index} ${term.text}`} className="min-w-0 max-w-full overflow-hidden">
              <Chip invalid={term.problem !== null} onRemove={() => without(term.text)}>
                {term.text}
              </Chip>
            </li>
          ))}
        </ul>
      )}
    </div>
  );
}

/** Where there is no head to press: by which column, and which way. */
function SortMenu({ sort, onSort, always }: Pick<FilterBarProps, 'sort' | 'onSort'> & { always: boolean }) {
  return (
    <span className={cx(!always && 'sm:hidden')}>
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
    </span>
  );
}
