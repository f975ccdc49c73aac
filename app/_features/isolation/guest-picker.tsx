'use client';

import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { useTRPC } from '../../_trpc/index.ts';
import { Button, Dialog, TextInput } from '../../_ui/index.ts';
import { GuestStateBadge } from '../guests/index.ts';

/** More than anyone reads; the next letter narrows it. */
const MOST = 50;

export interface GuestPickerProps {
  title: string;
  /** Not offered. */
  without: string | null;
  onPick: (name: string) => void;
  onClose: () => void;
}

/** One guest out of all, by a part of its name. */
export function GuestPicker({ title, without, onPick, onClose }: GuestPickerProps) {
  const trpc = useTRPC();
  const list = useQuery(trpc.guest.list.queryOptions());
  const [text, setText] = useState('');
  const found = (list.data ?? []).filter(
    ({ name }) => name !== without && name.includes(text.trim().toLowerCase()),
  );
  const [first] = found;
  return (
    <Dialog open onClose={onClose} title={title} actions={<Button onClick={onClose}>Cancel</Button>}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (first) onPick(first.name);
        }}
      >
        <TextInput
          type="search"
          aria-label="Find a guest"
          placeholder="name"
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      </form>
      <ul aria-label="guests" className="-mx-2 max-h-72 overflow-y-auto">
        {found.slice(0, MOST).map((guest) => (
          <li key={guest.id}>
            <button
              type="button"
              onClick={() => onPick(guest.name)}
              className="flex min-h-9 w-full items-center justify-between gap-3 rounded-md px-2 text-left text-sm hover:bg-hover max-sm:min-h-10"
            >
              <span className="truncate font-medium">{guest.name}</span>
              <GuestStateBadge guest={guest} plain />
            </button>
          </li>
        ))}
      </ul>
      {found.length === 0 && <p className="text-muted text-sm">There is no other guest of that name.</p>}
    </Dialog>
  );
}
