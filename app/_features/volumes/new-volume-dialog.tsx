'use client';

import { type FormEvent, useId, useRef, useState } from 'react';
import { volumeName } from '../../../server/volume/schema.ts';
import { toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, EquivalentCommands, Field, notify, TextInput } from '../../_ui/index.ts';

export interface NewVolumeDialogProps {
  taken: readonly string[];
  onClose: () => void;
}

/** Makes an empty volume. */
export function NewVolumeDialog({ taken, onClose }: NewVolumeDialogProps) {
  const api = useTRPCClient();
  const form = useId();
  const input = useRef<HTMLInputElement>(null);
  const [name, setName] = useState('');
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const checked = volumeName.safeParse(name);
    const wrong = taken.includes(name)
      ? `there is a volume ${name} already: choose another name`
      : (checked.error?.issues[0]?.message ?? null);
    setProblem(wrong);
    if (wrong) return;
    setBusy(true);
    try {
      await api.volume.create.mutate({ volume: name });
      onClose();
      notify({ title: `volume ${name} is made` });
    } catch (cause) {
      setProblem(toApiError(cause).message);
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title="New volume"
      description="An empty folder on this host. Its files belong to the root of each guest that has it."
      initialFocus={input}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="primary" type="submit" form={form} busy={busy}>
            Make it
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <Field label="Name" error={problem} hint="Lower-case letters, digits and hyphens.">
          {(control) => (
            <TextInput
              {...control}
              ref={input}
              mono
              value={name}
              onChange={(event) => {
                setName(event.currentTarget.value);
                setProblem(null);
              }}
            />
          )}
        </Field>
        <EquivalentCommands
          cli={`berth volume create ${name || 'NAME'}`}
          api={{ procedure: 'volume.create', input: { volume: name } }}
        />
      </form>
    </Dialog>
  );
}
