'use client';

import { useQuery } from '@tanstack/react-query';
import type { HostCheck, HostCheckReport } from '../../../server/host/check-schema.ts';
import { toApiError, useTRPC } from '../../_trpc/index.ts';
import {
  Badge,
  CommandLine,
  CopyButton,
  ErrorState,
  formatRelative,
  IconButton,
  Skeleton,
  type Tone,
} from '../../_ui/index.ts';
import { groupsOf, problemsOf, reportText, summaryOf } from './host-checks.ts';

/** What this kernel and host can do, tried for real: the problems first, then all of it by group. */
export function HostCheckSection() {
  const trpc = useTRPC();
  const check = useQuery({ ...trpc.host.check.queryOptions(), staleTime: 60_000 });
  const report = check.data;
  return (
    <section aria-labelledby="host-check" aria-busy={check.isFetching} className="min-w-0">
      <div className="mb-2 flex min-h-8 flex-wrap items-center gap-x-3">
        <h2 id="host-check" className="font-semibold">
          What this host can do
        </h2>
        {report && (
          <span className="text-muted text-sm">
            {summaryOf(report)}, checked {formatRelative(Date.parse(report.at), Date.now())}
          </span>
        )}
        <span className="ml-auto flex">
          {report && <CopyButton text={reportText(report)} label="Copy the report" />}
          <IconButton
            icon="restart"
            label="Check again"
            busy={check.isFetching}
            onClick={() => void check.refetch()}
          />
        </span>
      </div>
      {report ? (
        <Report report={report} />
      ) : check.error ? (
        <ErrorState
          title="The host cannot be checked"
          message={toApiError(check.error).message}
          onRetry={() => void check.refetch()}
        />
      ) : (
        <div role="status" aria-label="checking the host" className="flex flex-col gap-5 py-2">
          <Skeleton />
          <Skeleton />
          <Skeleton />
        </div>
      )}
    </section>
  );
}

function Report({ report }: { report: HostCheckReport }) {
  const problems = problemsOf(report);
  return (
    <div className="flex flex-col gap-4">
      {problems.length > 0 && (
        <ul aria-label="Problems" className="border-line border-t">
          {problems.map((check) => (
            <Row key={check.id} check={check} />
          ))}
        </ul>
      )}
      <div className="border-line border-t">
        {groupsOf(report).map(({ group, checks }) => (
          <details key={group} className="border-line border-b text-sm">
            <summary className="cursor-pointer select-none py-2">
              <span className="inline-block font-medium first-letter:uppercase">{group}</span>{' '}
              <span className="text-muted">
                {checks.filter(({ state }) => state === 'yes').length} of {checks.length}
              </span>
            </summary>
            <ul className="mb-2 border-line border-t">
              {checks.map((check) => (
                <Row key={check.id} check={check} />
              ))}
            </ul>
          </details>
        ))}
      </div>
      <CommandLine label="CLI" text="berth check" />
    </div>
  );
}

const LOOK: Record<HostCheck['state'], { tone: Tone; icon: 'check' | 'warning'; word: string }> = {
  yes: { tone: 'ok', icon: 'check', word: 'there' },
  partly: { tone: 'wait', icon: 'warning', word: 'in part' },
  no: { tone: 'idle', icon: 'warning', word: 'missing' },
};

function Row({ check }: { check: HostCheck }) {
  const { tone, icon, word } = LOOK[check.state];
  const vital = check.required && check.state === 'no';
  return (
    <li className="flex flex-col gap-0.5 border-line border-b py-2 text-sm last:border-b-0">
      <span className="flex items-center justify-between gap-4">
        <span className="wrap-anywhere">{check.name}</span>
        <Badge plain tone={vital ? 'bad' : tone} icon={icon}>
          {vital ? 'needed, missing' : word}
        </Badge>
      </span>
      {check.consequence && <span className="wrap-anywhere">{check.consequence}</span>}
      <span className="wrap-anywhere text-muted text-xs">{check.detail}</span>
    </li>
  );
}
