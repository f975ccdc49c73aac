'use client';

import { type FormEvent, useId, useState } from 'react';
import { Button, CommandLine, Dialog, Field, shellQuote, TextInput } from '../../_ui/index.ts';
import { COMMON_SHELLS, type ShellRequest, splitWords } from './shell-request.ts';

export interface NewShellDialogProps {
  guest: string;
  open: boolean;
  onClose: () => void;
  onOpen: (request: ShellRequest) => void;
}

/** Choose the user and the command of a new shell. Both may stay empty. */
export function NewShellDialog({ guest, open, onClose, onOpen }: NewShellDialogProps) {
  const form = useId();
  const [user, setUser] = useState('');
  const [line, setLine] = useState('');
  const command = splitWords(line);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const request: ShellRequest = {};
    if (user.trim()) request.user = user.trim();
    if (command.length > 0) request.command = command;
    onOpen(request);
  };
  const words = ['berth', 'guest', 'shell', guest];
  if (user.trim()) words.push('--user', user.trim());
  if (command.length > 0) words.push('--', ...command);
  return (
    <Dialog
      open={open}
      onClose={onClose}
      title={`New shell in ${guest}`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={form}>
            Open shell
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <Field label="User" hint="A name or a number of the guest. Empty: root.">
          {(control) => (
            <TextInput
              {...control}
              mono
              maxLength={32}
              placeholder="root"
              value={user}
              onChange={(event) => setUser(event.currentTarget.value)}
            />
          )}
        </Field>
        <Field label="Command" hint="Empty: the user's login shell. Quotes keep blanks; nothing is expanded.">
          {(control) => (
            <>
              <TextInput
                {...control}
                mono
                list={`${form}-shells`}
                placeholder="login shell"
                value={line}
                onChange={(event) => setLine(event.currentTarget.value)}
              />
              <datalist id={`${form}-shells`}>
                {COMMON_SHELLS.map((shell) => (
                  <option key={shell} value={shell} />
                ))}
              </datalist>
            </>
          )}
        </Field>
        <CommandLine label="CLI" text={words.map(shellQuote).join(' ')} />
      </form>
    </Dialog>
  );
}
