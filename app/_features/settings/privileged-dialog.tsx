'use client';

import { type FormEvent, useId, useState } from 'react';
import { Button, Dialog, Icon, RetypeField } from '../../_ui/index.ts';

/** What a privileged guest is able to do, said before it is one. */
export const PRIVILEGED_MEANS = [
  'Root inside is root of the host: a hole in any other wall gives the whole machine away.',
  'Its files belong to the ids of the host, not to a range of its own.',
  'Capabilities count for the kernel itself, so far as settings leave them.',
] as const;

/** Asks for the guest's name before its root becomes root of the host. */
export function PrivilegedDialog(props: {
  /** What has to be typed. */
  guest: string;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const { guest, onConfirm, onClose } = props;
  const form = useId();
  const [typed, setTyped] = useState('');
  const missing = typed.trim() === guest ? null : `type ${guest} first`;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!missing) onConfirm();
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title="Make its root the root of the host?"
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" type="submit" form={form} disabledReason={missing}>
            Make it privileged
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <ul className="flex flex-col gap-2 text-sm">
          {PRIVILEGED_MEANS.map((text) => (
            <li key={text} className="flex items-start gap-2">
              <Icon name="warning" size={14} className="mt-0.75 text-wait" />
              {text}
            </li>
          ))}
        </ul>
        <RetypeField name={guest} value={typed} onChange={setTyped} />
      </form>
    </Dialog>
  );
}
