'use client';

import { usePathname, useRouter } from 'next/navigation';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { ALONE, toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, EquivalentCommands, Icon, notify, plural, RetypeField } from '../../_ui/index.ts';
import { mapPool } from './map-pool.ts';

/** A guest that never ran has written nothing. */
function hasData(guest: GuestView): boolean {
  return guest.startedAt !== null || guest.exit !== null;
}

function runs(guest: GuestView): boolean {
  return guest.state === 'running' || guest.state === 'frozen';
}

/** Says what is lost, by name, and asks to type the name only where data is lost. */
export function DeleteGuestsDialog({
  guests,
  onClose,
}: {
  guests: readonly GuestView[];
  onClose: () => void;
}) {
  const api = useTRPCClient();
  const router = useRouter();
  const pathname = usePathname();
  const form = useId();
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<{ name: string; message: string }[]>([]);

  const [first] = guests;
  if (!first) return null;
  const what = guests.length === 1 ? first.name : plural(guests.length, 'guest');
  const withData = guests.filter(hasData);
  const running = guests.filter(runs);
  const expected =
    withData.length === 0 ? null : guests.length === 1 ? first.name : `delete ${guests.length}`;
  const missing = expected !== null && typed.trim() !== expected ? `type ${expected} first` : null;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (missing || busy) return;
    setBusy(true);
    const failed: { name: string; message: string }[] = [];
    await mapPool(guests, async (guest) => {
      try {
        await api.guest.delete.mutate({ guest: guest.name, force: runs(guest), wait: true }, ALONE);
      } catch (error) {
        failed.push({ name: guest.name, message: toApiError(error).message });
      }
    });
    setBusy(false);
    setErrors(failed);
    if (failed.length > 0) return;
    onClose();
    notify({ title: `${what} ${guests.length === 1 ? 'is' : 'are'} deleted` });
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
            Delete {what}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <ul className="flex flex-col gap-2 text-sm">
          {withData.length > 0 && (
            <Loss>
              Everything written inside {nameAll(withData)} since{' '}
              {withData.length === 1 ? 'it was' : 'they were'} made is lost for good.
            </Loss>
          )}
          {running.length > 0 && (
            <Loss>
              {nameAll(running)}{' '}
              {running.length === 1 ? 'is running and is killed' : 'are running and are killed'} first, with
              every process and open shell.
            </Loss>
          )}
          <Loss>
            {guests.length === 1 ? 'Its name and addresses become' : 'Their names and addresses become'} free
            for others. The image stays.
          </Loss>
        </ul>
        {expected !== null && <RetypeField name={expected} value={typed} onChange={setTyped} />}
        {errors.map((error) => (
          <p key={error.name} role="alert" className="wrap-anywhere text-bad text-sm">
            {error.name}: {error.message}
          </p>
        ))}
        <EquivalentCommands
          cli={`berth guest rm${running.length > 0 ? ' --force' : ''} ${guests.map((guest) => guest.name).join(' ')}`}
          api={{ procedure: 'guest.delete', input: { guest: first.name, force: runs(first) } }}
        />
      </form>
    </Dialog>
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
