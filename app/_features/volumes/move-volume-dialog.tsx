'use client';

import { useId, useState } from 'react';
import type { VolumeView } from '../../../server/volume/schema.ts';
import { toApiError, useSending, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, EquivalentCommands, notify } from '../../_ui/index.ts';
import { VolumeProjectField } from './volume-project-field.tsx';

export interface MoveVolumeDialogProps {
  volume: VolumeView;
  onClose: () => void;
}

/** Gives a volume to another project; its notice takes it back. */
export function MoveVolumeDialog({ volume, onClose }: MoveVolumeDialogProps) {
  const api = useTRPCClient();
  const form = useId();
  const [project, setProject] = useState(volume.project);
  const move = (to: string) => api.volume.move.mutate({ volume: volume.name, project: to });
  const undo = () =>
    move(volume.project).then(
      () => notify({ title: `volume ${volume.name} is of project ${volume.project} again` }),
      (error) => notify({ title: toApiError(error).message, tone: 'bad' }),
    );
  const { busy, problem, submit } = useSending(async () => {
    await move(project);
    onClose();
    notify({
      title: `volume ${volume.name} is of project ${project}`,
      action: { label: 'Undo', run: () => void undo() },
    });
  });
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Move ${volume.name} to another project`}
      description="Guests that have it mounted keep it. It counts for the disk of the new project."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            look="primary"
            type="submit"
            form={form}
            busy={busy}
            disabledReason={project === volume.project ? 'it is there already' : null}
          >
            Move
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4" noValidate>
        <VolumeProjectField value={project} problem={problem?.message ?? null} onChange={setProject} />
        <EquivalentCommands
          cli={`berth volume move ${volume.name} ${project}`}
          api={{ procedure: 'volume.move', input: { volume: volume.name, project } }}
        />
      </form>
    </Dialog>
  );
}
