'use client';

import { Dialog as Base } from '@base-ui/react/dialog';
import { useRouter } from 'next/navigation';
import { type KeyboardEvent, useCallback, useId, useMemo, useState } from 'react';
import { useMay } from '../../_trpc/index.ts';
import { cx, Icon, usePageActions } from '../../_ui/index.ts';
import { openGuestDialog, useGuestActions } from '../guests/index.ts';
import { findItems, type PaletteItem } from './palette-items.ts';
import { whyNotPlace } from './places.ts';
import { useFoundGuests } from './use-found-guests.ts';

/** Everything by name: guests, pages and actions (`freeze web-1`). */
export function Palette({ onClose, onHelp }: { onClose: () => void; onHelp: () => void }) {
  const router = useRouter();
  const { act } = useGuestActions();
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const listId = useId();
  const actions = usePageActions();
  const guests = useFoundGuests(text);
  const refusal = useMay();
  const isOffered = useCallback((item: PaletteItem) => whyNotOffered(refusal, item) === null, [refusal]);
  const items = useMemo(
    () => findItems(text, guests, actions, isOffered),
    [text, guests, actions, isOffered],
  );
  const current = Math.min(active, items.length - 1);

  // At once, not when the dialog gets to it: who types on after Ctrl-K loses no letter.
  const focus = useCallback((input: HTMLInputElement | null) => input?.focus(), []);

  const run = ({ does }: PaletteItem) => {
    onClose();
    if (does.kind === 'go') router.push(does.href);
    else if (does.kind === 'new') openGuestDialog({ kind: 'new' });
    else if (does.kind === 'help') onHelp();
    else if (does.kind === 'run') does.run();
    else if (does.kind === 'verb') void act(does.verb, does.guest);
    else if (does.kind === 'rename') openGuestDialog({ kind: 'rename', guest: does.guest });
    else openGuestDialog({ kind: 'delete', guests: [does.guest] });
  };
  const move = (to: number) => {
    const next = (to + items.length) % Math.max(1, items.length);
    setActive(next);
    document.getElementById(`${listId}-${next}`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const item = items[current];
    if (event.key === 'ArrowDown') move(current + 1);
    else if (event.key === 'ArrowUp') move(current - 1);
    else if (event.key === 'Enter' && item) run(item);
    else return;
    event.preventDefault();
  };

  return (
    <Base.Root open onOpenChange={(open) => !open && onClose()}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-shade" />
        <Base.Popup
          aria-label="Find anything"
          className="fixed top-[10vh] left-1/2 z-40 flex max-h-[70vh] w-[calc(100vw-32px)] max-w-xl -translate-x-1/2 flex-col overflow-hidden rounded-lg border border-line bg-raised shadow-pop outline-none"
        >
          <div className="flex items-center gap-3 border-line border-b px-4">
            <Icon name="search" className="text-muted" />
            <input
              ref={focus}
              role="combobox"
              aria-expanded="true"
              aria-controls={listId}
              aria-activedescendant={items.length > 0 ? `${listId}-${current}` : undefined}
              aria-label="Find guests, pages and actions"
              value={text}
              onChange={(event) => {
                setText(event.currentTarget.value);
                setActive(0);
              }}
              onKeyDown={onKeyDown}
              placeholder="Find, or do: freeze web-1"
              spellCheck={false}
              className="h-12 min-w-0 flex-1 bg-transparent text-lg outline-none placeholder:text-muted"
            />
          </div>
          <div
            id={listId}
            role="listbox"
            tabIndex={-1}
            aria-label="Matches"
            className="min-h-0 overflow-y-auto p-1"
          >
            {items.map((item, index) => (
              <div
                key={item.id}
                id={`${listId}-${index}`}
                role="option"
                tabIndex={-1}
                aria-selected={index === current}
                onMouseMove={() => setActive(index)}
                onClick={() => run(item)}
                onKeyDown={onKeyDown}
                className={cx(
                  'flex min-h-9 cursor-default items-center gap-3 rounded-sm px-3 text-base',
                  index === current && 'bg-selected',
                )}
              >
                <Icon name={item.icon} className="text-muted" />
                <span className="min-w-0 flex-1 truncate">{item.label}</span>
                <span className="text-muted text-xs">{item.aside}</span>
              </div>
            ))}
          </div>
          {items.length === 0 && <p className="px-4 pb-4 text-muted">Nothing is called {text}.</p>}
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}

const NEEDED = { verb: 'guest.run', rename: 'guest.configure', delete: 'guest.delete' } as const;

/** Why the person who is signed in may not do what an item offers; null: they may. */
function whyNotOffered(refusal: ReturnType<typeof useMay>, { does }: PaletteItem): string | null {
  if (does.kind === 'new') return refusal('guest.create', 'anywhere');
  if (does.kind === 'go') return whyNotPlace(refusal, does.href);
  return does.kind === 'help' || does.kind === 'run' ? null : refusal(NEEDED[does.kind], does.guest.id);
}
