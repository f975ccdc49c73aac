'use client';

import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { toApiError, useTRPC } from '../../_trpc/index.ts';
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

/** One guest out of all, found by the server, by what the list of guests is searched by too. */
export function GuestPicker({ title, without, onPick, onClose }: GuestPickerProps) {
  const trpc = useTRPC();
  const [text, setText] = useState('');
  const search = useQuery({
    ...trpc.guest.search.queryOptions({ q: text.trim(), limit: MOST + 1 }, { gcTime: 10_000 }),
    placeholderData: keepPreviousData,
  });
  const found = (search.data?.rows ?? []).filter(({ name }) => name !== without);
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
      {search.error && !search.data && <p className="text-bad text-sm">{toApiError(search.error).message}</p>}
      {search.data && found.length === 0 && (
        <p className="text-muted text-sm">No other guest is found by that.</p>
      )}
    </Dialog>
  );
}
