'use client';

import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useRef, useState } from 'react';
import { DEFAULT_PROJECT } from '../../../server/project/schema.ts';
import { volumeName } from '../../../server/volume/schema.ts';
import { useMay, useSending, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, EquivalentCommands, Field, notify, TextInput } from '../../_ui/index.ts';
import { VolumeProjectField } from './volume-project-field.tsx';

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
  const first = useFirstProject();
  const [chosen, setProject] = useState<string | null>(null);
  const project = chosen ?? first;
  const [problem, setProblem] = useState<string | null>(null);
  const sending = useSending(async () => {
    await api.volume.create.mutate({ volume: name, project });
    onClose();
    notify({ title: `volume ${name} is made` });
  });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const checked = volumeName.safeParse(name);
    const wrong = taken.includes(name)
      ? `there is a volume ${name} already: choose another name`
      : (checked.error?.issues[0]?.message ?? null);
    setProblem(wrong);
    if (wrong === null) void sending.submit(event);
  };
  const refused = sending.problem;
  const ofProject = refused?.field?.[0] === 'project' ? refused.message : null;

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
          <Button look="primary" type="submit" form={form} busy={sending.busy}>
            Make it
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <Field
          label="Name"
          error={problem ?? (ofProject ? null : (refused?.message ?? null))}
          hint="Lower-case letters, digits and hyphens."
        >
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
        <VolumeProjectField value={project} problem={ofProject} onChange={setProject} />
        <EquivalentCommands
          cli={`berth volume create ${name || 'NAME'}${project === DEFAULT_PROJECT ? '' : ` --project ${project}`}`}
          api={{ procedure: 'volume.create', input: { volume: name, project } }}
        />
      </form>
    </Dialog>
  );
}

/** The default one where this person may make volumes in it, else the first in which they may. */
function useFirstProject(): string {
  const trpc = useTRPC();
  const may = useMay();
  const projects = useQuery(trpc.project.list.queryOptions()).data ?? [];
  const names = projects
    .map(({ name }) => name)
    .filter((name) => may('volume.manage', { project: name }) === null);
  return names.includes(DEFAULT_PROJECT) ? DEFAULT_PROJECT : (names[0] ?? DEFAULT_PROJECT);
}
