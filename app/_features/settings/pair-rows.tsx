'use client';

import { useId, useState } from 'react';
import { Button, Icon, IconButton, TextInput } from '../../_ui/index.ts';
import { sameValue } from './same-value.ts';

interface Row {
  id: number;
  name: string;
  value: string;
}

export interface PairRowsProps {
  /** What a pair is called: `variable`. */
  what: string;
  record: Readonly<Record<string, string>>;
  onChange: (record: Record<string, string>) => void;
  /** What is wrong with the pair of a name. */
  problemOf: (name: string) => string | null;
  names: string;
  values: string;
  /** Offered while a name is typed. */
  known?: readonly string[];
}

let lastId = 0;

function rowsOf(record: Readonly<Record<string, string>>): Row[] {
  return Object.entries(record).map(([name, value]) => ({ id: ++lastId, name, value }));
}

/** A row without any text says nothing; one without a name keeps its value, so that it is told. */
function recordOf(rows: readonly Row[]): Record<string, string> {
  return Object.fromEntries(
    rows.filter(({ name, value }) => name || value).map(({ name, value }) => [name, value]),
  );
}

/** Names and their values, one pair a row. */
export function PairRows(props: PairRowsProps) {
  const { what, record, onChange, problemOf, known } = props;
  const [rows, setRows] = useState(() => rowsOf(record));
  const list = useId();
  // Changed from elsewhere (the other view, a reset): what is there now counts.
  if (!sameValue(recordOf(rows), record)) setRows(rowsOf(record));
  const update = (next: Row[]) => {
    setRows(next);
    onChange(recordOf(next));
  };
  const change = (id: number, part: Partial<Row>) =>
    update(rows.map((row) => (row.id === id ? { ...row, ...part } : row)));
  return (
    <div className="flex flex-col gap-2">
      {known && (
        <datalist id={list}>
          {known.map((name) => (
            <option key={name} value={name} />
          ))}
        </datalist>
      )}
      {rows.map((row, index) => {
        const isTwice = rows.some(
          (other) => other.id !== row.id && other.name === row.name && row.name !== '',
        );
        const problem = isTwice ? `${row.name} is there twice; the last one counts` : problemOf(row.name);
        return (
          <div key={row.id} className="flex flex-col gap-1">
            <div className="flex items-center gap-2">
              <TextInput
                mono
                list={known ? list : undefined}
                aria-label={`name of ${what} ${index + 1}`}
                aria-invalid={problem ? true : undefined}
                placeholder={props.names}
                value={row.name}
                onChange={(event) => change(row.id, { name: event.currentTarget.value })}
              />
              <span aria-hidden="true" className="text-muted">
                =
              </span>
              <TextInput
                mono
                aria-label={`value of ${row.name || `${what} ${index + 1}`}`}
                placeholder={props.values}
                value={row.value}
                onChange={(event) => change(row.id, { value: event.currentTarget.value })}
              />
              <IconButton
                icon="trash"
                label={`Take ${row.name || `${what} ${index + 1}`} away`}
                onClick={() => update(rows.filter((other) => other.id !== row.id))}
              />
            </div>
            {problem && (
              <p role="alert" className="flex items-start gap-1.5 text-bad text-sm">
                <Icon name="warning" size={14} className="mt-0.75" />
                {problem}
              </p>
            )}
          </div>
        );
      })}
      <div>
        <Button icon="plus" onClick={() => setRows([...rows, { id: ++lastId, name: '', value: '' }])}>
          Add a {what}
        </Button>
      </div>
    </div>
  );
}
