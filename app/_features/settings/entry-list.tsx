'use client';

import type { ReactNode } from 'react';
import { Button, IconButton, Menu, type MenuEntry } from '../../_ui/index.ts';

export interface EntryListProps<Entry> {
  entries: readonly Entry[];
  /** What one is called: `mount`. */
  what: string;
  onChange: (entries: Entry[]) => void;
  /** A new one, as it begins. */
  create: () => Entry;
  /** Why there can be no new one at the moment. */
  refusal?: string | null;
  /** Common ones to begin from. */
  presets?: readonly { label: string; entry: Entry }[];
  /** The controls of one; `change` takes what of it is new. */
  children: (entry: Entry, change: (part: Partial<Entry>) => void, index: number) => ReactNode;
}

/** A list of things with several fields each: edit, add, take away. */
export function EntryList<Entry extends object>(props: EntryListProps<Entry>) {
  const { entries, what, onChange, create, refusal, presets, children } = props;
  const keys = entries.map((_entry, index) => `${what} ${index + 1}`);
  const menu: MenuEntry[] = (presets ?? []).map(({ label, entry }) => ({
    label,
    onSelect: () => onChange([...entries, entry]),
  }));
  return (
    <div className="flex flex-col gap-3">
      {keys.map((key, index) => {
        const entry = entries[index];
        if (!entry) return null;
        const change = (part: Partial<Entry>) => onChange(entries.with(index, { ...entry, ...part }));
        return (
          <fieldset key={key} className="flex min-w-0 items-start gap-2 rounded-md border border-line p-3">
            <legend className="sr-only">{key}</legend>
            <div className="min-w-0 flex-1">{children(entry, change, index)}</div>
            <IconButton
              icon="trash"
              label={`Take ${key} away`}
              onClick={() => onChange(entries.toSpliced(index, 1))}
            />
          </fieldset>
        );
      })}
      <div className="flex flex-wrap gap-2">
        <Button icon="plus" disabledReason={refusal} onClick={() => onChange([...entries, create()])}>
          Add a {what}
        </Button>
        {menu.length > 0 && <Menu align="start" trigger={<Button>Common ones</Button>} entries={menu} />}
      </div>
    </div>
  );
}
