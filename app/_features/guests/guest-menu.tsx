'use client';

import { useRouter } from 'next/navigation';
import { type ComponentProps, useState } from 'react';
import type { Permission } from '../../../server/access/schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import { type GuestVerb, isAllowed, whyNot } from '../../../server/guest/state.ts';
import { useMay } from '../../_trpc/index.ts';
import { Icon, type IconName, Menu, type MenuEntry } from '../../_ui/index.ts';
import { openGuestDialog } from './guest-dialog-store.ts';
import { type PlainVerb, useGuestActions } from './use-guest-actions.ts';

export const VERB_ICON: Record<PlainVerb, IconName> = {
  start: 'play',
  stop: 'stop',
  restart: 'restart',
  freeze: 'snow',
  unfreeze: 'play',
};

export const VERB_LABEL: Record<PlainVerb, string> = {
  start: 'Start',
  stop: 'Stop',
  restart: 'Restart',
  freeze: 'Freeze',
  unfreeze: 'Unfreeze',
};

type Judged = Pick<GuestView, 'name' | 'state' | 'operation'> &
  Partial<Pick<GuestView, 'elsewhere' | 'host'>>;

/** Why a verb cannot be done to a guest now, or here, or null. */
export function reasonAgainst(verb: GuestVerb, guest: Judged): string | null {
  if (typeof guest.elsewhere === 'string') return `${guest.name} lives on host ${guest.host}: do that there`;
  if (guest.operation) return `${guest.operation.kind} is at work on ${guest.name}`;
  return isAllowed(verb, guest.state) ? null : whyNot(verb, guest.name, guest.state);
}

const NEEDED: Record<GuestVerb, Permission> = {
  ...{ start: 'guest.run', stop: 'guest.run', restart: 'guest.run', freeze: 'guest.run' },
  ...{ unfreeze: 'guest.run', rename: 'guest.configure', configure: 'guest.configure' },
  ...{ delete: 'guest.delete', enter: 'console.watch' },
};

type Reasons = (verb: GuestVerb, guest: Judged & Pick<GuestView, 'id'>) => string | null;

/** The same of the person who is signed in, too: what they may not do, first. */
export function useReasonAgainst(): Reasons {
  const refusal = useMay();
  return (verb, guest) => refusal(NEEDED[verb], guest.id) ?? reasonAgainst(verb, guest);
}

/** Renaming and deleting, which ask in a dialog: the end of every menu of a guest. */
export function nameAndEndEntries(guest: GuestView, against: Reasons): MenuEntry[] {
  return [
    {
      label: 'Rename…',
      icon: 'pencil',
      disabledReason: against('rename', guest),
      onSelect: () => openGuestDialog({ kind: 'rename', guest }),
    },
    {
      label: 'Delete…',
      icon: 'trash',
      danger: true,
      disabledReason: against('delete', guest),
      onSelect: () => openGuestDialog({ kind: 'delete', guests: [guest] }),
    },
  ];
}

/** Everything that can be done to one guest, in the order of use; what cannot says why. */
export function useGuestMenuEntries(guest: GuestView): MenuEntry[] {
  const router = useRouter();
  const { act } = useGuestActions();
  const against = useReasonAgainst();
  const plain = (verb: PlainVerb): MenuEntry => ({
    label: VERB_LABEL[verb],
    icon: VERB_ICON[verb],
    disabledReason: against(verb, guest),
    onSelect: () => void act(verb, guest),
  });
  const runs = guest.state === 'running' || guest.state === 'frozen';
  return [
    {
      label: 'Open a shell',
      icon: 'terminal',
      disabledReason: against('enter', guest),
      onSelect: () => router.push(`/guests/${encodeURIComponent(guest.name)}/terminal`),
    },
    'separator',
    ...(runs ? [plain('stop'), plain('restart')] : [plain('start')]),
    plain(guest.state === 'frozen' ? 'unfreeze' : 'freeze'),
    'separator',
    ...nameAndEndEntries(guest, against),
  ];
}

/** The menu at the end of a guest's row. It is made when it is first asked for: a long table scrolls past many. */
export function GuestMenu({ guest }: { guest: GuestView }) {
  const [asked, setAsked] = useState(false);
  if (asked) return <OpenedGuestMenu guest={guest} />;
  return <RowMenuButton name={guest.name} aria-haspopup="menu" onClick={() => setAsked(true)} />;
}

function OpenedGuestMenu({ guest }: { guest: GuestView }) {
  const entries = useGuestMenuEntries(guest);
  return <Menu openAtFirst trigger={<RowMenuButton name={guest.name} />} entries={entries} />;
}

function RowMenuButton({ name, ...rest }: ComponentProps<'button'> & { name: string }) {
  return (
    <button
      type="button"
      {...rest}
      aria-label={`Actions on ${name}`}
      className="flex size-7 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink max-sm:size-10"
    >
      <Icon name="more" />
    </button>
  );
}
