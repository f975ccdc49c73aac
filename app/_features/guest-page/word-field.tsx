'use client';

import { type ReactNode, useState } from 'react';
import type { DescribeGuestInput } from '../../../server/guest/record-schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import { Button, type ControlProps, Field, IconButton, TextInput } from '../../_ui/index.ts';
import { useDescribe } from './use-describe.ts';

export interface WordFieldProps {
  guest: GuestView;
  refusal: string | null;
  title: string;
  hint: string;
  /** As it is edited; '' for nothing. */
  text: string;
  /** How nothing reads. */
  nothing: string;
  /** As it is shown; left out: the text. */
  shown?: ReactNode;
  change: (text: string) => Omit<DescribeGuestInput, 'guest' | 'version'>;
  /** What it is written with; left out: a line of text. */
  control?: (control: ControlProps, text: string, onText: (text: string) => void) => ReactNode;
}

/** One thing that people write about a guest. Who changes what another has changed meanwhile is told, and decides. */
export function WordField(props: WordFieldProps) {
  const { guest, refusal, title, hint, text, nothing, shown, change, control } = props;
  const { save, isSaving, failure, forget } = useDescribe(guest);
  const [draft, setDraft] = useState<{ text: string; version: number } | null>(null);
  const named = title.toLowerCase();

  if (!draft) {
    return (
      <div className="flex min-w-0 flex-col gap-1">
        <h2 className="font-semibold text-sm">{title}</h2>
        <div className="flex min-w-0 items-center gap-2">
          <span className={text === '' ? 'text-muted' : 'wrap-anywhere min-w-0'}>
            {text === '' ? nothing : (shown ?? text)}
          </span>
          <IconButton
            icon="pencil"
            label={`Change the ${named}`}
            disabledReason={refusal}
            onClick={() => {
              forget();
              setDraft({ text, version: guest.version });
            }}
          />
        </div>
      </div>
    );
  }
  const meanwhile = failure?.code === 'changed_meanwhile';
  const onText = (next: string) => setDraft({ ...draft, text: next });
  return (
    <form
      className="flex min-w-0 flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        // Who was told of another's change and saves again has decided.
        const version = meanwhile ? guest.version : draft.version;
        void save({ ...change(draft.text.trim()), version }).then((done) => done && setDraft(null));
      }}
    >
      <Field
        label={title}
        hint={hint}
        error={failure && (meanwhile ? `${failure.message}; it is ${text || nothing} now` : failure.message)}
      >
        {(ids) =>
          control ? (
            control(ids, draft.text, onText)
          ) : (
            <TextInput
              {...ids}
              autoCapitalize="none"
              value={draft.text}
              onChange={(event) => onText(event.currentTarget.value)}
            />
          )
        }
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
