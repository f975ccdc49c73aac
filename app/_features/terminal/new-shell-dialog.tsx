'use client';

import { useId, useState } from 'react';
import { CommandLine, Field, shellQuote, TextInput } from '../../_ui/index.ts';
import { FormDialog } from './form-dialog.tsx';
import { ShellNameField } from './shell-name-field.tsx';
import { COMMON_SHELLS, type ShellRequest, splitWords, variablesIn } from './shell-request.ts';

export interface NewShellDialogProps {
  guest: string;
  open: boolean;
  onClose: () => void;
  onOpen: (request: ShellRequest) => void;
}

/** Choose the user, the command and the rest of a new shell. All may stay empty. */
export function NewShellDialog({ guest, open, onClose, onOpen }: NewShellDialogProps) {
  const form = useId();
  const [user, setUser] = useState('');
  const [line, setLine] = useState('');
  const [name, setName] = useState('');
  const [folder, setFolder] = useState('');
  const [variables, setVariables] = useState('');
  const [idle, setIdle] = useState<number | null>(null);
  const command = splitWords(line);
  const submit = () => {
    const request: ShellRequest = {};
    if (user.trim()) request.user = user.trim();
    if (command.length > 0) request.command = command;
    if (name.trim()) request.name = name.trim();
    if (folder.trim()) request.workdir = folder.trim();
    if (idle !== null) request.idleMinutes = idle;
    const environment = variablesIn(variables);
    if (environment) request.environment = environment;
    onOpen(request);
  };
  const words = ['berth', 'guest', 'shell', guest];
  if (user.trim()) words.push('--user', user.trim());
  if (folder.trim()) words.push('--workdir', folder.trim());
  for (const [variable, value] of Object.entries(variablesIn(variables) ?? {}))
    words.push('--env', `${variable}=${value}`);
  if (name.trim()) words.push('--name', name.trim());
  if (idle !== null) words.push('--idle', `${idle}m`);
  if (command.length > 0) words.push('--', ...command);
  return (
    <FormDialog
      open={open}
      title={`New shell in ${guest}`}
      submit="Open shell"
      onClose={onClose}
      onSubmit={submit}
    >
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
      <Field label="Working directory" hint="Empty: the home of the user.">
        {(control) => (
          <TextInput
            {...control}
            mono
            placeholder="/"
            pattern="/.*"
            value={folder}
            onChange={(event) => setFolder(event.currentTarget.value)}
          />
        )}
      </Field>
      <Field label="Environment" hint="NAME=VALUE, with blanks between; quotes keep blanks.">
        {(control) => (
          <TextInput
            {...control}
            mono
            placeholder="EDITOR=vi"
            value={variables}
            onChange={(event) => setVariables(event.currentTarget.value)}
          />
        )}
      </Field>
      <ShellNameField name={name} onChange={setName} />
      <Field
        label="Idle limit in minutes"
        hint="Ends it when nobody looks and nothing happens for so long. Empty: never."
      >
        {(control) => (
          <TextInput
            {...control}
            type="number"
            min={1}
            max={10_080}
            value={idle ?? ''}
            onChange={(event) =>
              setIdle(event.currentTarget.value === '' ? null : event.currentTarget.valueAsNumber)
            }
          />
        )}
      </Field>
      <CommandLine label="CLI" text={words.map(shellQuote).join(' ')} />
    </FormDialog>
  );
}
