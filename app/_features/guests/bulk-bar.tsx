'use client';

import { useState } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { mapPool, toApiError, useMay } from '../../_trpc/index.ts';
import { Button, ButtonLink, Icon, IconButton, plural } from '../../_ui/index.ts';
import { compareHref } from './compare-href.ts';
import { openGuestDialog } from './guest-dialog-store.ts';
import { useReasonAgainst, VERB_ICON, VERB_LABEL } from './guest-menu.tsx';

import { PLAIN_VERBS, type PlainVerb, useGuestActions } from './use-guest-actions.ts';

type Result = { name: string; status: 'waiting' | 'done' | 'failed'; message: string | null };

/** What can be done to the chosen guests, and how each of them took it. */
export function BulkBar({ guests, onClear }: { guests: readonly GuestView[]; onClear: () => void }) {
  const { perform } = useGuestActions();
  const against = useReasonAgainst();
  const refusal = useMay();
  const isAble = (each: PlainVerb) => (guest: GuestView) => against(each, guest) === null;
  const noRun = guests.map(({ id }) => refusal('guest.run', id));
  const noDelete = guests.map(({ id }) => refusal('guest.delete', id));
  const [first, second] = guests;
  const [verb, setVerb] = useState<PlainVerb | null>(null);
  const [results, setResults] = useState<Result[]>([]);
  const waiting = results.filter(({ status }) => status === 'waiting').length;

  const run = async (next: PlainVerb) => {
    const able = guests.filter(isAble(next));
    setVerb(next);
    setResults(able.map(({ name }) => ({ name, status: 'waiting', message: null })));
    const settle = (name: string, status: 'done' | 'failed', message: string | null) =>
      setResults((all) => all.map((result) => (result.name === name ? { name, status, message } : result)));
    await mapPool(able, async ({ name }) => {
      try {
        await perform(next, name);
        settle(name, 'done', null);
      } catch (error) {
        settle(name, 'failed', toApiError(error).message);
      }
    });
  };

  return (
    <section aria-label="Chosen guests" className="border-line border-t bg-surface">
      {verb && results.length > 0 && (
        <Results verb={verb} results={results} waiting={waiting} onClose={() => setResults([])} />
      )}
      <div className="flex items-center gap-2 overflow-x-auto px-4 py-2 sm:px-6">
        <span className="mr-2 whitespace-nowrap font-medium text-sm">
          {plural(guests.length, 'guest')} chosen
        </span>
        {PLAIN_VERBS.map((each) => {
          const able = guests.filter(isAble(each)).length;
          return (
            <Button
              key={each}
              icon={VERB_ICON[each]}
              busy={waiting > 0 && verb === each}
              disabledReason={
                waiting > 0
                  ? 'wait for the actions at work'
                  : able === 0
                    ? (noRun.every((why) => why !== null) && noRun[0]) ||
                      `none of them can be ${PAST[each]} now`
                    : null
              }
              onClick={() => void run(each)}
            >
              {VERB_LABEL[each]}
              {able > 0 && able < guests.length && <span className="text-muted">{able}</span>}
            </Button>
          );
        })}
        {first && second && guests.length === 2 && (
          <ButtonLink href={compareHref(first.name, second.name)} icon="columns">
            Compare
          </ButtonLink>
        )}
        <Button
          look="danger"
          icon="trash"
          disabledReason={noDelete.find((why) => why !== null) ?? null}
          onClick={() => openGuestDialog({ kind: 'delete', guests })}
        >
          Delete…
        </Button>
        <IconButton icon="close" label="Choose none" shortcut="Esc" onClick={onClear} className="ml-auto" />
      </div>
    </section>
  );
}

const PAST: Record<PlainVerb, string> = {
  start: 'started',
  stop: 'stopped',
  restart: 'restarted',
  freeze: 'frozen',
  unfreeze: 'unfrozen',
};

const RESULT_LOOK = {
  waiting: { icon: 'busy', tone: 'text-wait' },
  done: { icon: 'check', tone: 'text-ok' },
  failed: { icon: 'warning', tone: 'text-bad' },
} as const;

function Results(props: { verb: PlainVerb; results: Result[]; waiting: number; onClose: () => void }) {
  const { verb, results, waiting, onClose } = props;
  const failed = results.filter(({ status }) => status === 'failed').length;
  const done = results.length - waiting - failed;
  // Failures first: they are what has to be read.
  const ordered = results.toSorted((a, b) => Number(b.status === 'failed') - Number(a.status === 'failed'));
  return (
    <div className="border-line border-b px-4 py-2 sm:px-6">
      <div className="flex items-center justify-between gap-2">
        <p role="status" className="text-sm">
          {verb}: {done} done{failed > 0 && `, ${failed} failed`}
          {waiting > 0 && `, ${waiting} at work`}
        </p>
        <IconButton icon="close" label="Close the results" onClick={onClose} />
      </div>
      <ul className="max-h-40 overflow-y-auto">
        {ordered.map((result) => (
          <li key={result.name} className="flex items-start gap-2 py-0.5 text-sm">
            <Icon
              name={RESULT_LOOK[result.status].icon}
              size={14}
              label={result.status}
              className={`mt-0.75 ${RESULT_LOOK[result.status].tone}`}
            />
            <span className="font-medium">{result.name}</span>
            {result.message && <span className="wrap-anywhere min-w-0 text-bad">{result.message}</span>}
          </li>
        ))}
      </ul>
    </div>
  );
}
