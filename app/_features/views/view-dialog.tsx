'use client';

import { type FormEvent, useId, useState } from 'react';
import type { SavedView } from '../../../server/view/schema.ts';
import { toApiError } from '../../_trpc/index.ts';
import { Button, Checkbox, Dialog, Field, TextInput } from '../../_ui/index.ts';
import { useViewVerbs } from './use-view-verbs.ts';
import type { ViewParts } from './view-href.ts';

export interface ViewDialogProps {
  /** The view that is changed; null: a new one is made of `parts`. */
  view: SavedView | null;
  parts: ViewParts;
  onClose: () => void;
}

/** Name a view and say who sees it. */
export function ViewDialog({ view, parts, onClose }: ViewDialogProps) {
  const { create, change } = useViewVerbs();
  const [name, setName] = useState(view?.name ?? '');
  const [team, setTeam] = useState(view?.team ?? false);
  const [pinned, setPinned] = useState(view?.pinned ?? true);
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const form = useId();

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setBusy(true);
    setError(null);
    try {
      if (view) await change({ id: view.id, name, team, pinned });
      else await create({ ...parts, name, team, pinned });
      onClose();
    } catch (failure) {
      setError(toApiError(failure).message);
      setBusy(false);
    }
  };

  return (
    <Dialog
      open
      onClose={onClose}
      title={view ? `Change ${view.name}` : 'Save this view'}
      description="The search, the order, the groups and the columns, as they are in the address."
      actions={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button
            type="submit"
            form={form}
            look="primary"
            busy={isBusy}
            disabledReason={name.trim() ? null : 'give it a name first'}
          >
            Save view
          </Button>
        </>
      }
    >
      <form id={form} onSubmit={(event) => void submit(event)} className="flex flex-col gap-4">
        <Field label="Name" error={error}>
          {(control) => (
            <TextInput
              {...control}
              maxLength={60}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
          )}
        </Field>
        <Checkbox label="Everybody sees it" checked={team} onChange={setTeam} />
        <Checkbox label="In the side bar" checked={pinned} onChange={setPinned} />
      </form>
    </Dialog>
  );
}
