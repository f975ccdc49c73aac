'use client';

import { useQuery } from '@tanstack/react-query';
import { usePathname, useRouter } from 'next/navigation';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { ALONE, mapPool, toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import {
  Button,
  Checkbox,
  Dialog,
  EquivalentCommands,
  formatExact,
  Icon,
  notify,
  plural,
  RetypeField,
} from '../../_ui/index.ts';
import { useUndoTrash } from '../trash/index.ts';

/** A guest that never ran has written nothing. */
function hasData(guest: GuestView): boolean {
  return guest.startedAt !== null || guest.exit !== null;
}

function runs(guest: GuestView): boolean {
  return guest.state === 'running' || guest.state === 'frozen';
}

/** Puts guests into the trash, or deletes them for good: then it says what is lost, and asks to type the name where data is lost. */
export function DeleteGuestsDialog({
  guests,
  onClose,
}: {
  guests: readonly GuestView[];
  onClose: () => void;
}) {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const router = useRouter();
  const pathname = usePathname();
  const undo = useUndoTrash();
  const form = useId();
  const { data, isPending } = useQuery(trpc.trash.list.queryOptions());
  // Not known: they are put into the trash, which the server refuses where nothing is kept.
  const days = data?.days;
  const [wantsGood, setWantsGood] = useState(false);
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<{ name: string; message: string }[]>([]);

  const [first] = guests;
  if (!first) return null;
  const forGood = wantsGood || days === 0;
  const what = guests.length === 1 ? first.name : plural(guests.length, 'guest');
  const withData = guests.filter(hasData);
  const running = guests.filter(runs);
  const expected =
    !forGood || withData.length === 0 ? null : guests.length === 1 ? first.name : `delete ${guests.length}`;
  const untyped = expected !== null && typed.trim() !== expected ? `type ${expected} first` : null;
  const missing = isPending ? 'asking how long the trash keeps guests' : untyped;
  const procedure = forGood ? 'delete' : 'trash';

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (missing || busy) return;
    setBusy(true);
    const failed: { name: string; message: string }[] = [];
    let until: string | null = null;
    await mapPool(guests, async (guest) => {
      const input = { guest: guest.id, force: runs(guest), wait: true };
      try {
        if (forGood) await api.guest.delete.mutate(input, ALONE);
        else ({ until } = await api.guest.trash.mutate(input, ALONE));
      } catch (error) {
        failed.push({ name: guest.name, message: toApiError(error).message });
      }
    });
    setBusy(false);
    setErrors(failed);
    if (failed.length > 0) return;
    onClose();
    const are = guests.length === 1 ? 'is' : 'are';
    if (until === null) notify({ title: `${what} ${are} deleted for good` });
    else
      notify({
        title: `${what} ${are} in the trash`,
        detail: `until ${formatExact(until)}`,
        action: { label: 'Undo', run: () => void undo(guests) },
      });
    if (guests.some((guest) => pathname.startsWith(`/guests/${guest.name}`))) router.replace('/guests');
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete ${what}?`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" type="submit" form={form} icon="trash" busy={busy} disabledReason={missing}>
            {forGood ? 'Delete for good' : `Delete ${what}`}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <Losses guests={guests} forGood={forGood} days={days} />
        {days !== 0 && <Checkbox checked={wantsGood} onChange={setWantsGood} label="Delete for good now" />}
        {expected !== null && <RetypeField name={expected} value={typed} onChange={setTyped} />}
        {errors.map((error) => (
          <p key={error.name} role="alert" className="wrap-anywhere text-bad text-sm">
            {error.name}: {error.message}
          </p>
        ))}
        <EquivalentCommands
          cli={`berth guest rm${forGood ? ' --now' : ''}${running.length > 0 ? ' --force' : ''} ${guests.map((guest) => guest.name).join(' ')}`}
          api={{ procedure: `guest.${procedure}`, input: { guest: first.name, force: runs(first) } }}
        />
      </form>
    </Dialog>
  );
}

interface LossesProps {
  guests: readonly GuestView[];
  forGood: boolean;
  /** How long the trash keeps them; not known yet. */
  days: number | undefined;
}

function Losses({ guests, forGood, days }: LossesProps) {
  const withData = guests.filter(hasData);
  const running = guests.filter(runs);
  const isOne = guests.length === 1;
  return (
    <ul className="flex flex-col gap-2 text-sm">
      {running.length > 0 && (
        <Loss>
          {nameAll(running)}{' '}
          {running.length === 1 ? 'is running and is killed' : 'are running and are killed'} first, with every
          process and open shell.
        </Loss>
      )}
      {forGood && withData.length > 0 && (
        <Loss>
          Everything written inside {nameAll(withData)} since {withData.length === 1 ? 'it was' : 'they were'}{' '}
          made is lost for good.
        </Loss>
      )}
      {forGood ? (
        <Loss>
          {isOne ? 'Its name and addresses become' : 'Their names and addresses become'} free for others. The
          image stays.
        </Loss>
      ) : (
        <Loss>
          {isOne ? 'It goes' : `${nameAll(guests)} go`} into the trash
          {days !== undefined && ` and can be brought back for ${plural(days, 'day')}`}, with files, settings,
          addresses and roles. {isOne ? 'Its name is' : 'Their names are'} free for others meanwhile.
        </Loss>
      )}
    </ul>
  );
}

function nameAll(guests: readonly GuestView[]): string {
  const names = guests.slice(0, 5).map((guest) => guest.name);
  return guests.length > 5 ? `${names.join(', ')} and ${guests.length - 5} more` : names.join(', ');
}

function Loss({ children }: { children: ReactNode }) {
  return (
    <li className="flex items-start gap-2">
      <Icon name="minus" size={14} className="mt-0.75 text-muted" />
      <span className="wrap-anywhere min-w-0">{children}</span>
    </li>
  );
}
