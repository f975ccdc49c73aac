'use client';

import Link from 'next/link';
import { type FormEvent, useId, useState } from 'react';
import { guestTag } from '../../../server/guest/record-schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import { Button, cx, Icon, TextInput } from '../../_ui/index.ts';
import { useDescribe } from './use-describe.ts';

/** Tags, each a way to all guests that have it; added and taken away one by one, so nobody undoes another's. */
export function TagsField({ guest, refusal }: { guest: GuestView; refusal: string | null }) {
  const { save, isSaving, failure } = useDescribe(guest);
  const [text, setText] = useState('');
  const [wrong, setWrong] = useState<string | null>(null);
  const id = useId();
  const error = wrong ?? failure?.message ?? null;

  const add = async (event: FormEvent) => {
    event.preventDefault();
    const tags = text
      .toLowerCase()
      .split(/[\s,]+/)
      .filter(Boolean);
    const bad = tags.map((tag) => guestTag.safeParse(tag)).find(({ success }) => !success);
    setWrong(bad?.error?.issues[0]?.message ?? null);
    if (tags.length === 0 || bad) return;
    if (await save({ addTags: tags })) setText('');
  };

  return (
    <div className="flex min-w-0 flex-col gap-2">
      <h2 id={`${id}-title`} className="font-semibold text-sm">
        Tags
      </h2>
      {guest.tags.length > 0 && (
        <ul aria-labelledby={`${id}-title`} className="flex min-w-0 flex-wrap gap-1.5">
          {guest.tags.map((tag) => (
            <li
              key={tag}
              className="inline-flex h-7 min-w-0 items-center rounded-md border border-line bg-canvas text-sm max-sm:h-10"
            >
              <Link
                href={`/guests?q=tag:${encodeURIComponent(tag)}`}
                className="truncate rounded-md px-2 hover:text-accent hover:underline"
              >
                {tag}
              </Link>
              {refusal === null && (
                <button
                  type="button"
                  aria-label={`remove tag ${tag}`}
                  onClick={() => void save({ removeTags: [tag] })}
                  className="flex h-full w-6 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink max-sm:w-10"
                >
                  <Icon name="close" size={12} />
                </button>
              )}
            </li>
          ))}
        </ul>
      )}
      <form onSubmit={(event) => void add(event)} className="flex gap-2">
        <TextInput
          aria-label="Add tags"
          aria-invalid={error ? true : undefined}
          aria-describedby={`${id}-about`}
          placeholder="web env=prod"
          autoCapitalize="none"
          value={text}
          onChange={(event) => {
            setText(event.currentTarget.value);
            setWrong(null);
          }}
        />
        <Button
          type="submit"
          busy={isSaving}
          disabledReason={refusal ?? (text.trim() ? null : 'write a tag first')}
        >
          Add
        </Button>
      </form>
      <p
        id={`${id}-about`}
        role={error ? 'alert' : undefined}
        className={cx('wrap-anywhere text-xs', error ? 'text-bad' : 'text-muted')}
      >
        {error ?? 'A word, or name=value to group by.'}
      </p>
    </div>
  );
}
