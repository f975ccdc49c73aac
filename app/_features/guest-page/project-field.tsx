'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Field, IconButton, notify, Select } from '../../_ui/index.ts';

/** Which project the guest counts for, and putting it into another one in which one may make guests. */
export function ProjectField({ guest, refusal }: { guest: GuestView; refusal: string | null }) {
  const [isMoving, setMoving] = useState(false);
  if (isMoving) return <MoveForm guest={guest} onDone={() => setMoving(false)} />;
  return (
    <div className="flex min-w-0 flex-col gap-1">
      <h2 className="font-semibold text-sm">Project</h2>
      <div className="flex min-w-0 items-center gap-2">
        <Link
          href={`/guests?q=project:${encodeURIComponent(guest.project)}`}
          className="wrap-anywhere min-w-0 rounded-sm hover:text-accent hover:underline"
        >
          {guest.project}
        </Link>
        <IconButton
          icon="pencil"
          label="Move to another project"
          disabledReason={refusal}
          onClick={() => setMoving(true)}
        />
      </div>
    </div>
  );
}

function MoveForm({ guest, onDone }: { guest: GuestView; onDone: () => void }) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const defaults = useQuery(trpc.guest.defaults.queryOptions(undefined, { staleTime: 0 }));
  const [project, setProject] = useState(guest.project);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<string | null>(null);
  const names = [...new Set([guest.project, ...(defaults.data?.projects ?? [])])];
  const move = async () => {
    setBusy(true);
    try {
      await api.guest.move.mutate({ guest: guest.id, project });
      notify({ title: `${guest.name} is in project ${project}` });
      onDone();
    } catch (error) {
      setProblem(toApiError(error).message);
      setBusy(false);
    }
  };
  return (
    <form
      className="flex min-w-0 flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        void move();
      }}
    >
      <Field label="Project" hint="Those in which you may make guests." error={problem}>
        {(control) => (
          <Select
            {...control}
            value={project}
            options={names.map((value) => ({ value, label: value }))}
            onChange={setProject}
          />
        )}
      </Field>
      <div className="flex justify-end gap-2">
        <Button onClick={onDone}>Cancel</Button>
        <Button
          type="submit"
          look="primary"
          busy={busy}
          disabledReason={project === guest.project ? 'it is there already' : null}
        >
          Move
        </Button>
      </div>
    </form>
  );
}
