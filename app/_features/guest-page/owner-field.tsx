'use client';

import { useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { Button, Field, IconButton, TextInput } from '../../_ui/index.ts';
import { useDescribe } from './use-describe.ts';

/** Whose guest it is. */
export function OwnerField({ guest, refusal }: { guest: GuestView; refusal: string | null }) {
  const { save, isSaving, failure, forget } = useDescribe(guest);
  const [draft, setDraft] = useState<{ text: string; version: number } | null>(null);

  if (!draft) {
    return (
      <div className="flex min-w-0 flex-col gap-1">
        <h2 className="font-semibold text-sm">Owner</h2>
        <div className="flex min-w-0 items-center gap-2">
          <span className={guest.owner ? 'wrap-anywhere min-w-0' : 'text-muted'}>
            {guest.owner ?? 'nobody'}
          </span>
          <IconButton
            icon="pencil"
            label="Change the owner"
            disabledReason={refusal}
            onClick={() => {
              forget();
              setDraft({ text: guest.owner ?? '', version: guest.version });
            }}
          />
        </div>
      </div>
    );
  }
  const meanwhile = failure?.code === 'changed_meanwhile';
  return (
    <form
      className="flex min-w-0 flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        // Who was told of another's change and saves again has decided.
        const version = meanwhile ? guest.version : draft.version;
        void save({ owner: draft.text.trim() || null, version }).then((done) => done && setDraft(null));
      }}
    >
      <Field
        label="Owner"
        hint="A user name, or nothing for nobody."
        error={
          failure &&
          (meanwhile ? `${failure.message}; it is ${guest.owner ?? 'nobody'} now` : failure.message)
        }
      >
        {(control) => (
          <TextInput
            {...control}
            autoCapitalize="none"
            value={draft.text}
            onChange={(event) => setDraft({ ...draft, text: event.currentTarget.value })}
          />
        )}
      </Field>
      <div className="flex justify-end gap-2">
        <Button
          onClick={() => {
            forget();
            setDraft(null);
          }}
        >
          {meanwhile ? 'Take theirs' : 'Cancel'}
        </Button>
        <Button type="submit" look="primary" busy={isSaving} disabledReason={refusal}>
          {meanwhile ? 'Overwrite' : 'Save'}
        </Button>
      </div>
    </form>
  );
}
