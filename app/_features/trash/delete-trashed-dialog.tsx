'use client';

import { type FormEvent, useId, useState } from 'react';
import type { TrashView } from '../../../server/trash/schema.ts';
import { ALONE, mapPool, toApiError, useTRPCClient } from '../../_trpc/index.ts';
import {
  Button,
  Dialog,
  EquivalentCommands,
  formatBytes,
  Icon,
  notify,
  plural,
  RetypeField,
} from '../../_ui/index.ts';

/** Says what is lost, and asks to type it: from here nothing comes back. */
export function DeleteTrashedDialog({
  guests,
  onClose,
}: {
  guests: readonly TrashView[];
  onClose: () => void;
}) {
  const api = useTRPCClient();
  const form = useId();
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [errors, setErrors] = useState<{ id: string; name: string; message: string }[]>([]);
  const [first] = guests;
  if (!first) return null;
  const what = guests.length === 1 ? first.name : plural(guests.length, 'guest');
  const expected = guests.length === 1 ? first.name : `delete ${guests.length}`;
  const missing = typed.trim() === expected ? null : `type ${expected} first`;
  const bytes = guests.reduce((sum, { sizeBytes }) => sum + (sizeBytes ?? 0), 0);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (missing || busy) return;
    setBusy(true);
    const failed: typeof errors = [];
    await mapPool(guests, async ({ id, name }) => {
      try {
        await api.trash.delete.mutate({ guest: id, wait: true }, ALONE);
      } catch (error) {
        failed.push({ id, name, message: toApiError(error).message });
      }
    });
    setBusy(false);
    setErrors(failed);
    if (failed.length > 0) return;
    onClose();
    notify({ title: `${what} ${guests.length === 1 ? 'is' : 'are'} deleted for good` });
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete ${what} for good?`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" type="submit" form={form} icon="trash" busy={busy} disabledReason={missing}>
            Delete for good
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <p className="flex items-start gap-2 text-sm">
          <Icon name="minus" size={14} className="mt-0.75 text-muted" />
          <span className="wrap-anywhere min-w-0">
            {guests.length === 1 ? 'Its files' : 'Their files'}
            {bytes > 0 && ` (${formatBytes(bytes)})`}, settings and the roles that people have for{' '}
            {guests.length === 1 ? 'it' : 'them'} are lost. Nothing brings{' '}
            {guests.length === 1 ? 'it' : 'them'} back.
          </span>
        </p>
        <RetypeField name={expected} value={typed} onChange={setTyped} />
        {errors.map((error) => (
          <p key={error.id} role="alert" className="wrap-anywhere text-bad text-sm">
            {error.name}: {error.message}
          </p>
        ))}
        <EquivalentCommands
          cli={`berth trash rm --yes ${guests.map(({ id }) => id).join(' ')}`}
          api={{ procedure: 'trash.delete', input: { guest: first.id } }}
        />
      </form>
    </Dialog>
  );
}
