'use client';

import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react';
import type { SessionView } from '../../../server/console/schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import { useGuestsCalled } from '../../_trpc/index.ts';
import { Checkbox, cx, Dialog, Icon, RelativeTime, TextInput, useStable } from '../../_ui/index.ts';
import { paneOf, titleOf } from './desk-pane.ts';

/** Something to put on a desk: a shell that is open, or a new one in a guest. */
export type Pick = { session: SessionView } | { guest: string; asks: boolean };

export interface PickShellDialogProps {
  /** Shells that run and are not on the desk. */
  sessions: readonly SessionView[];
  /** The guest in which a shell is likeliest to be opened now; null: none is likelier than others. */
  near: string | null;
  /** Whether a shell can be opened in a guest now. */
  isOpen: (guest: GuestView) => boolean;
  /** A new shell's user, command, folder and environment are chosen, too. */
  asks: boolean;
  onClose: () => void;
  onPick: (pick: Pick) => void;
}

/** More than anyone reads; the next letter narrows it. */
const MOST = 50;

const NEW = 'New shell in';
/** What a guest's name has, of the words that choices are looked for by. */
const guestPart = (words: readonly string[]) =>
  words.filter((word) => !NEW.toLowerCase().includes(word)).join(' ');
const wordsOf = (text: string) => text.toLowerCase().split(/\s+/).filter(Boolean);

interface Choice {
  id: string;
  label: string;
  aside: ReactNode;
  pick: Pick;
}

function choicesOf(
  text: string,
  asks: boolean,
  sessions: readonly SessionView[],
  guests: readonly string[],
): Choice[] {
  const words = wordsOf(text);
  const open = sessions.map((session): Choice => {
    const title = session.title ? ` (${session.title})` : '';
    const label = `${session.guest}: ${titleOf(paneOf(session).request)}${title}`;
    const aside =
      session.people.length > 0 ? (
        `with ${session.people.join(', ')}`
      ) : (
        <>
          opened <RelativeTime at={session.createdAt} />
        </>
      );
    return { id: session.id, label, aside, pick: { session } };
  });
  const fresh = guests.map((guest): Choice => {
    return {
      id: `new ${guest}`,
      label: `${NEW} ${guest}`,
      aside: asks ? 'choose…' : 'new',
      pick: { guest, asks },
    };
  });
  const [likeliest, ...rest] = fresh;
  return [...(likeliest ? [likeliest] : []), ...open, ...rest]
    .filter(({ label }) => words.every((word) => label.toLowerCase().includes(word)))
    .slice(0, MOST);
}

/** What to put on the desk: found by name, chosen with arrows and Enter. */
export function PickShellDialog(props: PickShellDialogProps) {
  const { sessions, near, onClose } = props;
  const isPicked = useRef(false);
  const onPick = (pick: Pick) => {
    isPicked.current = true;
    props.onPick(pick);
  };
  const [text, setText] = useState('');
  const [active, setActive] = useState(0);
  const list = useId();
  const [asks, setAsks] = useState(props.asks);
  const found = useGuestsCalled({
    text: guestPart(wordsOf(text)),
    among: 'state:running',
    here: true,
    may: 'console.use',
  });
  const open = found.guests.filter(props.isOpen).map(({ name }) => name);
  const guests = near === null ? open : [near, ...open.filter((name) => name !== near)];
  const choices = choicesOf(text, asks, sessions, guests);
  const current = Math.min(active, choices.length - 1);
  // Enter that came before the answer means what is found, not what stood there for the letters before.
  const [isEntered, setEntered] = useState(false);
  const pickCurrent = useStable(() => {
    setEntered(false);
    const choice = choices[current];
    if (choice) onPick(choice.pick);
  });
  useEffect(() => {
    if (isEntered && found.isKnown) pickCurrent();
  }, [isEntered, found.isKnown, pickCurrent]);
  const move = (to: number) => {
    const next = (to + choices.length) % Math.max(1, choices.length);
    setActive(next);
    document.getElementById(`${list}-${next}`)?.scrollIntoView({ block: 'nearest' });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const choice = choices[current];
    if (event.key === 'ArrowDown') move(current + 1);
    else if (event.key === 'ArrowUp') move(current - 1);
    else if (event.key === 'Enter' && !found.isKnown) setEntered(true);
    else if (event.key === 'Enter' && choice) onPick(choice.pick);
    else return;
    event.preventDefault();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      // What was put there takes the focus.
      returnsFocus={() => !isPicked.current}
      title="Put a terminal here"
      description="An open shell, or a new one in a guest that runs."
    >
      <TextInput
        role="combobox"
        aria-expanded="true"
        aria-controls={list}
        aria-activedescendant={choices.length > 0 ? `${list}-${current}` : undefined}
        aria-label="Find a shell or a guest"
        placeholder="Find a shell or a guest"
        value={text}
        onChange={(event) => {
          setText(event.currentTarget.value);
          setActive(0);
          setEntered(false);
        }}
        onKeyDown={onKeyDown}
      />
      <div
        id={list}
        role="listbox"
        tabIndex={-1}
        aria-label="Shells and guests"
        className="-mx-2 max-h-[40vh] min-h-0 overflow-y-auto"
      >
        {choices.map(({ id, label, aside, pick }, index) => (
          <div
            key={id}
            id={`${list}-${index}`}
            role="option"
            tabIndex={-1}
            aria-selected={index === current}
            onMouseMove={() => setActive(index)}
            onClick={() => onPick(pick)}
            onKeyDown={onKeyDown}
            className={cx(
              'flex min-h-9 cursor-default items-center gap-3 rounded-sm px-2 max-sm:min-h-11',
              index === current && 'bg-selected',
            )}
          >
            <Icon name={'guest' in pick ? 'plus' : 'terminal'} className="text-muted" />
            <span className="min-w-0 flex-1 truncate">{label}</span>
            <span className="truncate text-muted text-xs">{aside}</span>
          </div>
        ))}
        {choices.length === 0 && found.isKnown && (
          <p className="px-2 text-muted text-sm">
            {text ? `Nothing is called ${text}.` : 'No guest runs, and no other shell is open.'}
          </p>
        )}
      </div>
      <Checkbox
        label="Choose the user, command, folder and environment of a new shell"
        checked={asks}
        onChange={setAsks}
      />
    </Dialog>
  );
}
