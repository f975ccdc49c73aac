'use client';

import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import type { BackupsView } from '../../../server/backup/schema.ts';
import { toApiError, useTRPC } from '../../_trpc/index.ts';
import {
  CommandLine,
  ErrorState,
  formatBytes,
  formatExact,
  Icon,
  plural,
  RelativeTime,
  Skeleton,
} from '../../_ui/index.ts';

/** When the database is backed up, how the last one and its trial went, and what there is. Root alone changes it. */
export function BackupSection() {
  const trpc = useTRPC();
  const list = useQuery(trpc.backup.list.queryOptions());
  return (
    <section aria-labelledby="backups" className="min-w-0">
      <h2 id="backups" className="mb-2 font-semibold">
        Back-ups of the database
      </h2>
      {list.data ? (
        <Backups view={list.data} />
      ) : list.error ? (
        <ErrorState
          title="The back-ups cannot be read"
          message={toApiError(list.error).message}
          onRetry={() => void list.refetch()}
        />
      ) : (
        <div role="status" aria-label="reading the back-ups" className="flex flex-col gap-5 py-2">
          <Skeleton />
        </div>
      )}
    </section>
  );
}

function Backups({ view }: { view: BackupsView }) {
  const { schedule, last, trial, nextAt, backups } = view;
  const newest = backups[0];
  const bytes = backups.reduce((sum, one) => sum + one.bytes, 0);
  return (
    <div className="flex flex-col gap-3">
      <dl className="border-line border-t text-sm">
        <Row name="Made">
          {schedule.isOn
            ? `${schedule.at === null ? 'once a day' : `each day at ${schedule.at} UTC`}, ${schedule.keep} are kept`
            : 'only by command: the schedule is switched off'}
        </Row>
        {nextAt && (
          <Row name="Next">
            <time dateTime={nextAt}>{formatExact(nextAt).slice(0, 16)}</time>
          </Row>
        )}
        <Row name="Last">
          {last ? (
            <Outcome at={last.at} problem={last.problem} done={last.name} />
          ) : (
            'none was made by itself yet'
          )}
        </Row>
        <Row name="Trial">
          {trial ? (
            <Outcome
              at={trial.at}
              problem={trial.problem}
              done={`${plural(trial.rows, 'row')} of ${plural(trial.tables, 'table')} restored${trial.compared ? ', all as they were' : ''}`}
            />
          ) : schedule.trial === 'never' ? (
            'no restore is tried'
          ) : (
            'no restore was tried yet'
          )}
        </Row>
        <Row name="Copies">
          {schedule.copyTo ? <code className="text-xs">{schedule.copyTo}</code> : 'none elsewhere'}
        </Row>
        <Row name="There are">
          {newest ? (
            <>
              {plural(backups.length, 'back-up')}, {formatBytes(bytes)}; the newest is{' '}
              <code className="text-xs">{newest.name}</code>
            </>
          ) : (
            'none yet'
          )}
        </Row>
      </dl>
      <div className="flex flex-col gap-1 text-muted text-sm">
        <p>Root on the host changes when they are made, and tries one:</p>
        <CommandLine label="CLI" text="berth db schedule --at 03:30 --keep 14 --trial week" />
        <CommandLine label="CLI" text="berth db try" />
      </div>
    </div>
  );
}

function Row({ name, children }: { name: string; children: ReactNode }) {
  return (
    <div className="grid grid-cols-[96px_1fr] items-center gap-4 border-line border-b py-2">
      <dt className="truncate text-muted">{name}</dt>
      <dd className="wrap-anywhere min-w-0">{children}</dd>
    </div>
  );
}

function Outcome({ at, problem, done }: { at: string; problem: string | null; done: string | null }) {
  return (
    <span className={problem === null ? undefined : 'text-bad'}>
      {problem !== null && <Icon name="warning" className="mr-1.5 inline" />}
      <RelativeTime at={at} />: {problem ?? done}
    </span>
  );
}
