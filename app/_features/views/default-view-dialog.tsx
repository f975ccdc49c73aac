'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { SavedView } from '../../../server/view/schema.ts';
import { toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Checkbox, Dialog } from '../../_ui/index.ts';
import { useDefaults } from './opening-view.ts';

export interface DefaultViewDialogProps {
  view: SavedView;
  onClose: () => void;
}

/** For whom the list of guests opens with a view: oneself, and for who may say so everybody or the people of a project. */
export function DefaultViewDialog({ view, onClose }: DefaultViewDialogProps) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const queries = useQueryClient();
  const defaults = useDefaults();
  const rights = useQuery(trpc.auth.me.queryOptions()).data?.user?.rights;
  const projects = useQuery(trpc.project.list.queryOptions()).data ?? [];
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState<string | null>(null);

  const isManager = rights?.everywhere.includes('project.manage') === true;
  const manages = (project: string) =>
    isManager || rights?.projects[project]?.permissions.includes('project.manage') === true;
  const change = async (what: string, work: () => Promise<unknown>) => {
    setBusy(what);
    setError(null);
    try {
      await work();
      await queries.invalidateQueries({ queryKey: trpc.view.defaults.queryKey() });
    } catch (failure) {
      setError(toApiError(failure).message);
    } finally {
      setBusy(null);
    }
  };
  const choice = (on: boolean) => (on ? view.id : null);
  const notTeam = view.team ? null : 'for others it has to be a view that everybody sees: change it first';
  const none = 'who may manage projects says so (project.manage): an administrator grants it under People';
  const offered = projects.filter(
    ({ name }) => manages(name) || defaults?.projects.some(({ project }) => project === name),
  );

  return (
    <Dialog
      open
      onClose={onClose}
      title={`Open Guests with ${view.name}`}
      description="One’s own choice comes first, then that of a project one is in, then everybody’s. All guests stay in the side bar."
      actions={<Button onClick={onClose}>Close</Button>}
    >
      <div aria-busy={busy !== null || !defaults} className="flex flex-col gap-3">
        <Checkbox
          label="For me"
          checked={defaults?.own?.view === view.id}
          onChange={(on) => void change('me', () => api.view.setOwnDefault.mutate({ view: choice(on) }))}
        />
        <Checkbox
          label="For everybody"
          checked={defaults?.everybody === view.id}
          disabledReason={isManager ? notTeam : none}
          onChange={(on) => void change('everybody', () => api.view.setDefault.mutate({ view: choice(on) }))}
        />
        {offered.length > 0 && (
          <fieldset className="flex max-h-60 flex-col gap-3 overflow-y-auto border-line border-t pt-3">
            <legend className="sr-only">For the people of a project</legend>
            {offered.map(({ name }) => (
              <Checkbox
                key={name}
                label={`For the people of project ${name}`}
                checked={
                  defaults?.projects.some((one) => one.project === name && one.view === view.id) === true
                }
                disabledReason={manages(name) ? notTeam : none}
                onChange={(on) =>
                  void change(name, () =>
                    api.view.setProjectDefault.mutate({ project: name, view: choice(on) }),
                  )
                }
              />
            ))}
          </fieldset>
        )}
        {error && (
          <p role="alert" className="text-bad text-sm">
            {error}
          </p>
        )}
      </div>
    </Dialog>
  );
}
