'use client';

import { useState } from 'react';
import type { TrashView } from '../../../server/trash/schema.ts';
import { ALONE, mapPool, toApiError, useMay, useTRPCClient } from '../../_trpc/index.ts';
import { Button, Icon, IconButton, plural } from '../../_ui/index.ts';

type Result = { id: string; name: string; message: string | null };

/** What can be done to the chosen guests of the trash, and how each of them took it. */
export function TrashBar(props: {
  chosen: readonly TrashView[];
  onClear: () => void;
  onDelete: (guests: readonly TrashView[]) => void;
}) {
  const { chosen, onClear, onDelete } = props;
  const api = useTRPCClient();
  const may = useMay();
  const [busy, setBusy] = useState(false);
  const [results, setResults] = useState<Result[]>([]);
  const refusal = chosen.map(({ id }) => may('guest.delete', id)).find((why) => why !== null) ?? null;

  const restore = async () => {
    setBusy(true);
    setResults([]);
    await mapPool(chosen, async ({ id, name }) => {
      const message = await api.trash.restore.mutate({ guest: id, wait: true }, ALONE).then(
        () => null,
        (error: unknown) => toApiError(error).message,
      );
      setResults((all) => [...all, { id, name, message }]);
    });
    setBusy(false);
  };

  if (chosen.length === 0 && results.length === 0) return null;
  return (
    <section aria-label="Chosen guests in the trash" className="border-line border-t bg-surface">
      {results.length > 0 && <Results results={results} onClose={() => setResults([])} />}
      {chosen.length > 0 && (
        <div className="flex items-center gap-2 overflow-x-auto px-4 py-2 sm:px-6">
          <span className="mr-2 whitespace-nowrap font-medium text-sm">
            {plural(chosen.length, 'guest')} chosen
          </span>
          <Button icon="undo" busy={busy} disabledReason={refusal} onClick={() => void restore()}>
            Restore
          </Button>
          <Button
            look="danger"
            icon="trash"
            disabledReason={refusal ?? (busy ? 'wait for what is at work' : null)}
            onClick={() => onDelete(chosen)}
          >
            Delete for good…
          </Button>
          <IconButton icon="close" label="Choose none" shortcut="Esc" onClick={onClear} className="ml-auto" />
        </div>
      )}
    </section>
  );
}

function Results({ results, onClose }: { results: readonly Result[]; onClose: () => void }) {
  const failed = results.filter(({ message }) => message !== null);
  const ordered = [...failed, ...results.filter(({ message }) => message === null)];
  return (
    <div className="border-line border-b px-4 py-2 sm:px-6">
      <div className="flex items-center justify-between gap-2">
        <p role="status" className="text-sm">
          restored: {results.length - failed.length}
          {failed.length > 0 && `, ${failed.length} not`}
        </p>
        <IconButton icon="close" label="Close the results" onClick={onClose} />
      </div>
      <ul className="max-h-40 overflow-y-auto">
        {ordered.map(({ id, name, message }) => (
          <li key={id} className="flex items-start gap-2 py-0.5 text-sm">
            <Icon
              name={message === null ? 'check' : 'warning'}
              size={14}
              label={message === null ? 'done' : 'failed'}
              className={`mt-0.75 ${message === null ? 'text-ok' : 'text-bad'}`}
            />
            <span className="font-medium">{name}</span>
            {message && <span className="wrap-anywhere min-w-0 text-bad">{message}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
