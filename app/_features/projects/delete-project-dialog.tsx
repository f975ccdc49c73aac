'use client';

import { useState } from 'react';
import { ALONE, toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Dialog, EquivalentCommands, notify } from '../../_ui/index.ts';

/** A project has no files: what is lost is who had a role in it. */
export function DeleteProjectDialog({ project, onClose }: { project: string; onClose: () => void }) {
  const api = useTRPCClient();
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const remove = async () => {
    setBusy(true);
    try {
      await api.project.delete.mutate({ project }, ALONE);
      onClose();
      notify({ title: `project ${project} is deleted` });
    } catch (cause) {
      setError(toApiError(cause).message);
      setBusy(false);
    }
  };
  return (
    <Dialog
      open
      onClose={onClose}
      title={`Delete the project ${project}?`}
      description="It has no guests. Who has a role for it loses that role, and is signed out."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button look="danger" icon="trash" busy={busy} onClick={() => void remove()}>
            Delete {project}
          </Button>
        </>
      }
    >
      {error && (
        <p role="alert" className="wrap-anywhere text-bad text-sm">
          {error}
        </p>
      )}
      <EquivalentCommands
        cli={`berth project rm ${project}`}
        api={{ procedure: 'project.delete', input: { project } }}
      />
    </Dialog>
  );
}
