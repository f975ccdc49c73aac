'use client';

import { useId, useState } from 'react';
import type { VolumeView } from '../../../server/volume/schema.ts';
import { ALONE, useSending, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, EquivalentCommands, Icon, notify, RetypeField } from '../../_ui/index.ts';

export interface DeleteVolumeDialogProps {
  volume: VolumeView;
  onClose: () => void;
}

/** All files of a volume are lost: its name has to be typed. */
export function DeleteVolumeDialog({ volume, onClose }: DeleteVolumeDialogProps) {
  const api = useTRPCClient();
  const form = useId();
  const [typed, setTyped] = useState('');
  const missing = typed.trim() === volume.name ? null : `type ${volume.name} first`;
  const { busy, problem, submit } = useSending(async () => {
    if (missing) return;
    await api.volume.delete.mutate({ volume: volume.name }, ALONE);
    onClose();
    notify({ title: `volume ${volume.name} is deleted` });
  });

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete the volume ${volume.name}?`}
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" type="submit" form={form} icon="trash" busy={busy} disabledReason={missing}>
            Delete {volume.name}
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={submit} className="flex flex-col gap-4">
        <p className="flex items-start gap-2 text-sm">
          <Icon name="minus" size={14} className="mt-0.75 text-muted" />
          <span className="wrap-anywhere min-w-0">
            All files in <code className="text-xs">{volume.path}</code> are lost for good.
          </span>
        </p>
        <RetypeField name={volume.name} value={typed} onChange={setTyped} />
        {problem && (
          <p role="alert" className="wrap-anywhere text-bad text-sm">
            {problem.message}
          </p>
        )}
        <EquivalentCommands
          cli={`berth volume rm ${volume.name}`}
          api={{ procedure: 'volume.delete', input: { volume: volume.name } }}
        />
      </form>
    </Dialog>
  );
}
