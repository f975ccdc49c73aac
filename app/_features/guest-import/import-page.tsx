'use client';

import { useMemo, useState } from 'react';
import { IMPORT_VERDICTS, type ImportVerdict } from '../../../server/guest/import-schema.ts';
import { Button, ButtonLink, Chip, EmptyState, Icon, Page, PageHeader, plural } from '../../_ui/index.ts';
import { countVerdicts, entriesOf, type Outcome } from './import-entries.ts';
import { ImportSource } from './import-source.tsx';
import { ImportTable } from './import-table.tsx';
import { useImport } from './use-import.ts';

/** Guests by a file: what it would make and change is looked at first, and only then applied. */
export function ImportPage() {
  const work = useImport();
  const { phase, looked } = work;
  return (
    <Page>
      <PageHeader
        title="Import guests"
        summary={looked?.name}
        actions={
          looked && (
            <Button
              icon="folder"
              disabledReason={phase === 'applying' ? 'wait until it is done' : null}
              onClick={work.reset}
            >
              Another file
            </Button>
          )
        }
      />
      {looked ? (
        <Review key={looked.name} work={work} looked={looked} />
      ) : (
        <ImportSource
          busy={phase === 'looking'}
          problem={work.problem}
          onText={(name, text) => void work.read(name, text)}
        />
      )}
    </Page>
  );
}

const WORDS: Record<ImportVerdict, string> = {
  new: 'new',
  changed: 'changed',
  same: 'the same',
  refused: 'refused',
};

function Review({
  work,
  looked,
}: {
  work: ReturnType<typeof useImport>;
  looked: NonNullable<ReturnType<typeof useImport>['looked']>;
}) {
  const entries = useMemo(() => entriesOf(looked.plan, looked.file.problems), [looked]);
  const counts = countVerdicts(entries);
  const [shown, setShown] = useState<ReadonlySet<ImportVerdict>>(new Set(['new', 'changed', 'refused']));
  const visible = entries.filter(({ verdict }) => shown.has(verdict));
  const toggle = (verdict: ImportVerdict) =>
    setShown((before) => {
      const next = new Set(before);
      if (!next.delete(verdict)) next.add(verdict);
      return next;
    });
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex flex-wrap items-center gap-2 px-4 pb-3 sm:px-6">
        <fieldset className="flex flex-wrap gap-2">
          <legend className="sr-only">Show</legend>
          {IMPORT_VERDICTS.filter((verdict) => counts[verdict] > 0).map((verdict) => (
            <Chip
              key={verdict}
              pressed={shown.has(verdict)}
              aside={counts[verdict]}
              onClick={() => toggle(verdict)}
            >
              {WORDS[verdict]}
            </Chip>
          ))}
        </fieldset>
        <div className="ml-auto flex flex-wrap gap-2">
          <Actions work={work} />
        </div>
      </div>
      <div className="flex flex-col gap-1 px-4 sm:px-6">
        <Progress work={work} />
        {work.problem && (
          <p role="alert" className="text-bad text-sm">
            {work.problem}
          </p>
        )}
        {looked.file.ignored.length > 0 && (
          <p className="wrap-anywhere text-muted text-sm">
            Told by the file, and nothing that it can change: {looked.file.ignored.join(', ')}.
          </p>
        )}
      </div>
      <div className="min-h-0 flex-1 overflow-y-auto px-4 pt-2 pb-6 sm:px-6">
        {visible.length > 0 ? (
          <ImportTable entries={visible} outcomes={work.outcomes} />
        ) : (
          <EmptyState
            title={
              counts.same === entries.length ? 'Everything is as the file says' : 'Nothing of that is chosen'
            }
            action={
              <Button onClick={() => setShown(new Set(IMPORT_VERDICTS))}>
                Show all {plural(entries.length, 'guest')}
              </Button>
            }
          >
            {counts.same === entries.length ? 'There is nothing to apply.' : 'Choose above what to show.'}
          </EmptyState>
        )}
      </div>
    </div>
  );
}

function Actions({ work }: { work: ReturnType<typeof useImport> }) {
  const { phase, todo, undoable } = work;
  if (phase === 'applying')
    return (
      <Button icon="stop" onClick={work.stop}>
        Stop after this guest
      </Button>
    );
  if (phase === 'applied')
    return (
      <>
        {undoable > 0 && (
          <Button icon="undo" onClick={() => void work.undo()}>
            Undo {plural(undoable, 'change')}…
          </Button>
        )}
        <Button icon="restart" onClick={() => void work.again()}>
          Look again
        </Button>
        <ButtonLink href="/guests" look="primary">
          To the guests
        </ButtonLink>
      </>
    );
  return (
    <>
      <Button icon="restart" busy={phase === 'looking'} onClick={() => void work.again()}>
        Look again
      </Button>
      <Button
        look="primary"
        disabledReason={
          todo === 0 ? 'nothing would change' : phase === 'looking' ? 'it is being looked at' : null
        }
        onClick={() => void work.apply()}
      >
        Apply to {plural(todo, 'guest')}
      </Button>
    </>
  );
}

function Progress({ work }: { work: ReturnType<typeof useImport> }) {
  const { outcomes, phase } = work;
  if (outcomes.size === 0) return null;
  const count = (status: Outcome['status']) =>
    [...outcomes.values()].filter((one) => one.status === status).length;
  const [waiting, failed] = [count('waiting'), count('failed')];
  return (
    <div className="flex flex-col gap-1">
      <p role="status" className="flex items-center gap-2 text-sm">
        <Icon name={phase === 'applying' ? 'busy' : failed > 0 ? 'warning' : 'done'} size={14} />
        {count('done')} of {outcomes.size} done{failed > 0 && `, ${failed} not`}
      </p>
      {phase === 'applying' && (
        <progress
          className="h-1.5 w-full max-w-md accent-accent"
          value={outcomes.size - waiting}
          max={outcomes.size}
          aria-label="guests applied"
        />
      )}
    </div>
  );
}
