'use client';

import { useId, useState } from 'react';
import { MOST_NOTES } from '../../../server/guest/record-schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import { Button, Chip, Icon, Markdown, plural } from '../../_ui/index.ts';
import { mergeText } from './merge-text.ts';
import { useDescribe } from './use-describe.ts';

/** What is being written, and what it was made from. */
interface Draft {
  text: string;
  base: string;
  version: number;
  note: string | null;
}

/** Notes in Markdown. Two who write at once lose nothing: the second is told, sees the other's text and merges or overwrites. */
export function NotesSection({ guest, refusal }: { guest: GuestView; refusal: string | null }) {
  const [draft, setDraft] = useState<Draft | null>(null);
  const id = useId();
  const begin = () => setDraft({ text: guest.notes, base: guest.notes, version: guest.version, note: null });
  return (
    <section
      aria-labelledby={id}
      className="flex min-w-0 flex-col gap-2 rounded-lg border border-line bg-surface p-4"
    >
      <div className="flex items-center justify-between gap-2">
        <h2 id={id} className="font-semibold text-sm">
          Notes
        </h2>
        {!draft && guest.notes !== '' && (
          <Button look="quiet" icon="pencil" disabledReason={refusal} onClick={begin}>
            Edit
          </Button>
        )}
      </div>
      {draft ? (
        <NotesEditor guest={guest} draft={draft} onDraft={setDraft} />
      ) : guest.notes === '' ? (
        <div className="flex flex-wrap items-center gap-3 text-muted text-sm">
          <span>What it is for, who to ask, how to mend it.</span>
          <Button icon="pencil" disabledReason={refusal} onClick={begin}>
            Write notes
          </Button>
        </div>
      ) : (
        <div className="max-h-96 overflow-y-auto">
          <Markdown text={guest.notes} />
        </div>
      )}
    </section>
  );
}

function NotesEditor(props: { guest: GuestView; draft: Draft; onDraft: (draft: Draft | null) => void }) {
  const { guest, draft, onDraft } = props;
  const { save, isSaving, failure, forget } = useDescribe(guest);
  const [view, setView] = useState<'text' | 'preview'>('text');
  const isStale = guest.notes !== draft.base && guest.notes !== draft.text;
  const other = failure?.code === 'changed_meanwhile' ? null : failure;
  const tooLong = draft.text.length > MOST_NOTES;

  const leave = () => {
    forget();
    onDraft(null);
  };
  const send = async (version: number) => {
    if (await save({ notes: draft.text, version })) leave();
  };
  const merge = () => {
    const { text, clashes } = mergeText(draft.base, draft.text, guest.notes);
    const note =
      clashes > 0
        ? `Both texts are in; ${plural(clashes, 'place')} that you both changed ${clashes === 1 ? 'is' : 'are'} marked.`
        : 'Both changes are in.';
    forget();
    onDraft({ text, base: guest.notes, version: guest.version, note });
  };

  return (
    <>
      {isStale && (
        <div role="alert" className="flex flex-col gap-2 rounded-md bg-wait-soft px-3 py-2 text-sm text-wait">
          <p className="flex items-start gap-2">
            <Icon name="warning" className="mt-0.5" />
            <span className="wrap-anywhere min-w-0">
              {failure?.code === 'changed_meanwhile'
                ? failure.message
                : 'Somebody has changed the notes while you write.'}
            </span>
          </p>
          <details>
            <summary className="cursor-pointer">Their text</summary>
            <pre className="wrap-anywhere max-h-40 overflow-y-auto whitespace-pre-wrap pt-1 text-ink text-xs">
              {guest.notes || 'nothing'}
            </pre>
          </details>
          <div className="flex flex-wrap gap-2">
            <Button onClick={merge}>Merge</Button>
            <Button onClick={leave}>Take theirs</Button>
            <Button look="danger" busy={isSaving} onClick={() => void send(guest.version)}>
              Overwrite
            </Button>
          </div>
        </div>
      )}
      {draft.note && !isStale && (
        <p role="status" className="text-muted text-sm">
          {draft.note}
        </p>
      )}
      <div className="flex gap-2">
        <Chip pressed={view === 'text'} onClick={() => setView('text')}>
          Markdown
        </Chip>
        <Chip pressed={view === 'preview'} onClick={() => setView('preview')}>
          Preview
        </Chip>
      </div>
      {view === 'preview' ? (
        <div className="min-h-40">
          <Markdown text={draft.text} />
        </div>
      ) : (
        <textarea
          // biome-ignore lint/a11y/noAutofocus: whoever pressed Edit wants to write
          autoFocus
          aria-label="Notes"
          aria-invalid={other || tooLong ? true : undefined}
          rows={8}
          value={draft.text}
          onChange={(event) => onDraft({ ...draft, text: event.currentTarget.value, note: null })}
          onKeyDown={(event) => {
            if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
            event.preventDefault();
            void send(draft.version);
          }}
          className="w-full resize-y rounded-md border border-line-strong bg-canvas p-2.5 font-mono text-sm aria-invalid:border-bad max-sm:text-lg"
        />
      )}
      {(other || tooLong) && (
        <p role="alert" className="wrap-anywhere text-bad text-sm">
          {other?.message ?? `${draft.text.length} characters: notes have at most ${MOST_NOTES}`}
        </p>
      )}
      <div className="flex items-center justify-end gap-2">
        <Button onClick={leave}>Cancel</Button>
        <Button
          look="primary"
          busy={isSaving}
          disabledReason={isStale ? 'decide about the other change first' : null}
          onClick={() => void send(draft.version)}
        >
          Save notes
        </Button>
      </div>
    </>
  );
}
