'use client';

import { type FormEvent, useId, useState } from 'react';
import { guestLink } from '../../../server/guest/record-schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import { Button, Icon, IconButton, TextInput } from '../../_ui/index.ts';
import { useDescribe } from './use-describe.ts';

/** Where there is more about a guest; added and taken away one by one, so nobody undoes another's. */
export function LinksField({ guest, refusal }: { guest: GuestView; refusal: string | null }) {
  const { save, isSaving, failure } = useDescribe(guest);
  const [isAdding, setAdding] = useState(false);
  const [draft, setDraft] = useState({ title: '', url: '' });
  const [wrong, setWrong] = useState<string | null>(null);
  const id = useId();
  const error = wrong ?? failure?.message ?? null;

  const add = async (event: FormEvent) => {
    event.preventDefault();
    const read = guestLink.safeParse({ title: draft.title, url: draft.url.trim() });
    setWrong(read.error?.issues[0]?.message ?? null);
    if (!read.success) return;
    if (await save({ addLinks: [read.data] })) {
      setDraft({ title: '', url: '' });
      setAdding(false);
    }
  };
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <div className="flex items-center gap-2">
        <h2 id={id} className="font-semibold text-sm">
          Links
        </h2>
        {!isAdding && (
          <IconButton
            icon="plus"
            label="Add a link"
            disabledReason={refusal}
            onClick={() => setAdding(true)}
          />
        )}
      </div>
      {guest.links.length > 0 ? (
        <ul aria-labelledby={id} className="flex min-w-0 flex-col">
          {guest.links.map(({ title, url }) => (
            <li key={url} className="flex min-w-0 items-center gap-1">
              <a
                href={url}
                title={url}
                target="_blank"
                rel="noopener noreferrer nofollow"
                className="flex min-w-0 items-center gap-1.5 rounded-sm hover:text-accent hover:underline"
              >
                <Icon name="link" size={14} className="text-muted" />
                <span className="truncate">{title}</span>
              </a>
              {refusal === null && (
                <IconButton
                  icon="close"
                  label={`remove link ${title}`}
                  onClick={() => void save({ removeLinks: [url] })}
                />
              )}
            </li>
          ))}
        </ul>
      ) : (
        !isAdding && <span className="text-muted">none</span>
      )}
      {isAdding && (
        <form onSubmit={(event) => void add(event)} className="flex flex-col gap-2" noValidate>
          <TextInput
            autoFocus
            aria-label="Title of the link"
            placeholder="Runbook"
            value={draft.title}
            onChange={(event) => setDraft({ ...draft, title: event.currentTarget.value })}
          />
          <TextInput
            type="url"
            aria-label="Address of the link"
            aria-invalid={error ? true : undefined}
            aria-describedby={`${id}-problem`}
            placeholder="https://wiki.example.com/web"
            value={draft.url}
            onChange={(event) => setDraft({ ...draft, url: event.currentTarget.value })}
          />
          <div className="flex justify-end gap-2">
            <Button
              onClick={() => {
                setAdding(false);
                setWrong(null);
              }}
            >
              Cancel
            </Button>
            <Button type="submit" look="primary" busy={isSaving}>
              Add link
            </Button>
          </div>
        </form>
      )}
      {error && (
        <p id={`${id}-problem`} role="alert" className="wrap-anywhere text-bad text-sm">
          {error}
        </p>
      )}
    </div>
  );
}
