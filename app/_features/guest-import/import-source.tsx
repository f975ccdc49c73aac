'use client';

import { type DragEvent, useId, useRef, useState } from 'react';
import { MOST_IMPORT_CHARACTERS, MOST_IMPORT_ROWS } from '../../../server/guest/import-schema.ts';
import { Button, cx, EquivalentCommands, Icon } from '../../_ui/index.ts';

/** Where a file comes from: chosen, dropped here, or pasted. */
export function ImportSource(props: {
  busy: boolean;
  problem: string | null;
  onText: (name: string | null, text: string) => void;
}) {
  const { busy, onText } = props;
  const chooser = useRef<HTMLInputElement>(null);
  const id = useId();
  const [text, setText] = useState('');
  const [isOver, setOver] = useState(false);
  const [refused, setRefused] = useState<string | null>(null);
  const take = async (file: File | undefined) => {
    if (!file) return;
    // At most four bytes a character: what is larger is not even read.
    if (file.size > 4 * MOST_IMPORT_CHARACTERS)
      return setRefused(
        `${file.name} has ${Math.ceil(file.size / 1024 ** 2)} MiB: at most ${MOST_IMPORT_CHARACTERS / 1024 ** 2} MiB are imported at once`,
      );
    setRefused(null);
    onText(file.name, await file.text());
  };
  const onDrop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    void take(event.dataTransfer.files[0]);
  };
  const problem = refused ?? props.problem;
  return (
    <div className="flex max-w-3xl flex-col gap-5 px-4 pb-6 sm:px-6">
      <p className="text-muted">
        What an export of guests has: CSV and JSON, and YAML as Configuration shows a guest. A guest is found
        by its id, else by its name; what the file says nothing of stays as it is, and no guest is ever
        deleted. First you see all that would change.
      </p>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is one more way; the button does the same */}
      <div
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={onDrop}
        className={cx(
          'flex flex-col items-center gap-3 rounded-lg border-2 border-dashed px-4 py-8 text-center',
          isOver ? 'border-accent bg-selected' : 'border-line',
        )}
      >
        <Button
          look="primary"
          icon="folder"
          busy={busy}
          onClick={() => chooser.current?.click()}
          aria-describedby={`${id}-bounds`}
        >
          Choose a file
        </Button>
        <input
          ref={chooser}
          type="file"
          aria-label="File to import"
          accept=".csv,.tsv,.json,.yaml,.yml,text/csv,application/json"
          className="sr-only"
          tabIndex={-1}
          onChange={(event) => {
            void take(event.target.files?.[0]);
            event.target.value = '';
          }}
        />
        <p id={`${id}-bounds`} className="text-muted text-sm">
          or drop it here: .csv, .json or .yaml, at most {MOST_IMPORT_ROWS} guests
        </p>
      </div>
      <form
        className="flex flex-col gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          setRefused(null);
          onText(null, text);
        }}
      >
        <label htmlFor={`${id}-text`} className="font-medium text-sm">
          Or paste it
        </label>
        <textarea
          id={`${id}-text`}
          value={text}
          onChange={(event) => setText(event.target.value)}
          spellCheck={false}
          rows={8}
          placeholder={'name,tags,owner\nweb-1,env=prod web,ada'}
          className="w-full resize-y rounded-md border border-line-strong bg-surface p-2 font-mono text-sm placeholder:text-muted"
        />
        <Button
          type="submit"
          className="self-start"
          busy={busy}
          disabledReason={text.trim() === '' ? 'paste something first' : null}
        >
          Show what would change
        </Button>
      </form>
      {problem && (
        <p role="alert" className="flex items-start gap-2 text-bad text-sm">
          <Icon name="warning" size={14} className="mt-0.75" />
          {problem}
        </p>
      )}
      <EquivalentCommands
        cli="berth guest import FILE --dry-run"
        api={{
          procedure: 'guest.planImport',
          input: { rows: [{ line: 1, name: 'web-1', tags: ['env=prod'] }] },
        }}
      />
    </div>
  );
}
