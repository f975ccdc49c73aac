'use client';

import { useState } from 'react';
import { AT_EXPIRY, type AtExpiry, expiryReminder } from '../../../server/guest/expiry-schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import { Button, Field, IconButton, Select, TextInput, useNow } from '../../_ui/index.ts';
import { useDescribe } from './use-describe.ts';

const WORDS: Record<AtExpiry, string> = {
  nothing: 'only reminded of',
  stop: 'stopped then',
  delete: 'put into the trash then',
};

interface Draft {
  day: string;
  after: AtExpiry;
  version: number;
}

/** Until when a guest is wanted, and what happens then. */
export function ExpiryField({ guest, refusal }: { guest: GuestView; refusal: string | null }) {
  const { save, isSaving, failure, forget } = useDescribe(guest);
  const [draft, setDraft] = useState<Draft | null>(null);
  const now = useNow();
  const { expires, atExpiry, version } = guest;

  if (!draft) {
    const reminder = expiryReminder(expires, now);
    return (
      <div className="flex min-w-0 flex-col gap-1">
        <h2 className="font-semibold text-sm">Expiry</h2>
        <div className="flex min-w-0 items-center gap-2">
          {expires === null ? (
            <span className="text-muted">never</span>
          ) : (
            <span className="min-w-0">
              {expires}, {WORDS[atExpiry]}
              {reminder && (
                <span className={reminder.isLast ? 'text-bad' : 'text-wait'}> · {reminder.text}</span>
              )}
            </span>
          )}
          <IconButton
            icon="pencil"
            label="Change the expiry"
            disabledReason={refusal}
            onClick={() => {
              forget();
              setDraft({ day: expires ?? '', after: atExpiry, version });
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
        const change = { expires: draft.day || null, atExpiry: draft.after };
        void save({ ...change, version: meanwhile ? version : draft.version }).then(
          (done) => done && setDraft(null),
        );
      }}
    >
      <Field
        label="Expiry"
        hint="It has expired from the beginning of that day on (UTC); 7 days and 1 day before, it is marked."
        error={
          failure &&
          (meanwhile
            ? `${failure.message}; it is ${expires ?? 'never'}, ${WORDS[atExpiry]} now`
            : failure.message)
        }
      >
        {(control) => (
          <TextInput
            {...control}
            type="date"
            value={draft.day}
            onChange={(event) => setDraft({ ...draft, day: event.currentTarget.value })}
          />
        )}
      </Field>
      <Field label="What happens then">
        {(control) => (
          <Select
            {...control}
            value={draft.after}
            options={AT_EXPIRY.map((value) => ({ value, label: `it is ${WORDS[value]}` }))}
            onChange={(after) => setDraft({ ...draft, after })}
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
