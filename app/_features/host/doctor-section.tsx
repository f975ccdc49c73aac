'use client';

import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DoctorReport, Finding } from '../../../server/doctor/schema.ts';
import { ALONE, toApiError, useMay, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import {
  Button,
  CommandLine,
  ErrorState,
  formatRelative,
  Icon,
  IconButton,
  notify,
  plural,
  Skeleton,
} from '../../_ui/index.ts';

/** What differs between the inventory and this host, and what puts it right. */
export function DoctorSection() {
  const trpc = useTRPC();
  const check = useQuery({ ...trpc.doctor.check.queryOptions(), staleTime: 30_000 });
  const report = check.data;
  return (
    <section aria-labelledby="doctor" aria-busy={check.isFetching} className="min-w-0">
      <div className="mb-2 flex min-h-8 flex-wrap items-center gap-x-3">
        <h2 id="doctor" className="font-semibold">
          Drift
        </h2>
        {report && (
          <span className="text-muted text-sm">
            looked {formatRelative(Date.parse(report.at), Date.now())}
          </span>
        )}
        <span className="ml-auto flex items-center gap-2">
          {report && <MendButton report={report} />}
          <IconButton
            icon="restart"
            label="Look again"
            busy={check.isFetching}
            onClick={() => void check.refetch()}
          />
        </span>
      </div>
      {report ? (
        <Findings report={report} />
      ) : check.error ? (
        <ErrorState
          title="The host cannot be compared"
          message={toApiError(check.error).message}
          onRetry={() => void check.refetch()}
        />
      ) : (
        <div role="status" aria-label="comparing the host" className="flex flex-col gap-5 py-2">
          <Skeleton />
        </div>
      )}
    </section>
  );
}

function Findings({ report }: { report: DoctorReport }) {
  const { findings, skipped } = report;
  return (
    <div className="flex flex-col gap-4">
      <ul aria-label="What differs" className="border-line border-t text-sm">
        {findings.map((finding) => (
          <Row key={finding.id} finding={finding} />
        ))}
        {skipped.map(({ what, why }) => (
          <li key={what} className="wrap-anywhere border-line border-b py-2 text-muted">
            not looked at: {what} ({why})
          </li>
        ))}
        {findings.length === 0 && (
          <li className="flex items-start gap-2 border-line border-b py-2">
            <Icon name="check" size={14} className="mt-0.75 text-ok" />
            <span className="min-w-0">
              Guests, folders, links and the firewall are as the inventory says.
            </span>
          </li>
        )}
      </ul>
      <CommandLine label="CLI" text={findings.length > 0 ? 'berth doctor --mend' : 'berth doctor'} />
    </div>
  );
}

function Row({ finding }: { finding: Finding }) {
  const { subject, problem, remedy, mendable } = finding;
  return (
    <li className="flex items-start gap-3 border-line border-b py-2">
      <Icon name="warning" size={14} className="mt-0.75 shrink-0 text-wait" />
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="wrap-anywhere">
          <span className="font-medium">{subject}</span>: {problem}
        </span>
        <span className="wrap-anywhere text-muted text-xs">
          {mendable ? 'mending' : 'by hand'}: {remedy}
        </span>
      </span>
      {mendable && <Mend ids={[finding.id]}>Mend</Mend>}
    </li>
  );
}

function MendButton({ report }: { report: DoctorReport }) {
  const mendable = report.findings.filter((finding) => finding.mendable);
  if (mendable.length < 2) return null;
  return <Mend ids={mendable.map(({ id }) => id)}>Mend all {mendable.length}</Mend>;
}

function Mend({ ids, children }: { ids: string[]; children: React.ReactNode }) {
  const api = useTRPCClient();
  const client = useQueryClient();
  const trpc = useTRPC();
  const [busy, setBusy] = useState(false);
  const refusal = useMay()('host.mend');
  const mend = async () => {
    setBusy(true);
    try {
      const { mended, failed, after } = await api.doctor.mend.mutate({ ids }, ALONE);
      client.setQueryData(trpc.doctor.check.queryKey(), after);
      for (const { finding, why } of failed) {
        notify({ tone: 'bad', title: `${finding.subject} cannot be mended`, detail: why });
      }
      if (mended.length > 0) notify({ title: `${plural(mended.length, 'thing')} mended` });
    } catch (cause) {
      notify({ tone: 'bad', title: 'nothing was mended', detail: toApiError(cause).message });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button busy={busy} disabledReason={refusal} onClick={() => void mend()}>
      {children}
    </Button>
  );
}
