'use client';

import { useQuery } from '@tanstack/react-query';
import { Suspense, useState } from 'react';
import { AUDIT_OUTCOMES, type AuditEntry, type AuditOutcome } from '../../../server/audit/schema.ts';
import { toApiError, useTRPC } from '../../_trpc/index.ts';
import { Button, Chip, CommandLine, Page, PageHeader, PlainList, TextInput } from '../../_ui/index.ts';
import { useUrlState } from '../guests/index.ts';
import { AuditRow } from './audit-row.tsx';

/** Entries of one page. */
const MOST = 100;

/** Who did what, the newest first; of a guest, of a person, by what it was and how it ended. The filter is the address. */
export function AuditPage() {
  return (
    <Suspense>
      <Audit />
    </Suspense>
  );
}

function Audit() {
  const trpc = useTRPC();
  const url = useUrlState();
  const [guest, actor, action] = [url.get('guest'), url.get('person'), url.get('action')];
  const outcome = AUDIT_OUTCOMES.find((one) => one === url.get('outcome')) ?? null;
  const [before, setBefore] = useState<number | null>(null);
  const input = {
    ...(guest && { guest }),
    ...(actor && { actor }),
    ...(action && { action }),
    ...(outcome && { outcome }),
    ...(before !== null && { before }),
    limit: MOST,
  };
  const list = useQuery(trpc.audit.list.queryOptions(input, { refetchOnMount: 'always' }));
  const filter = (changes: Record<string, string | null>) => {
    setBefore(null);
    url.set(changes);
  };
  const isFiltered = Boolean(guest || actor || action || outcome);
  const oldest = list.data?.at(-1);
  return (
    <Page>
      <PageHeader title="Who did what" summary="every change and every refusal, hash-chained" />
      <div className="flex flex-wrap items-center gap-2 px-4 pb-2 sm:px-6">
        {[
          { key: 'guest', label: 'guest', value: guest },
          { key: 'person', label: 'person', value: actor },
          { key: 'action', label: 'action, as guest.delete', value: action },
        ].map(({ key, label, value }) => (
          <div key={key} className="w-full sm:w-56">
            <TextInput
              type="search"
              aria-label={`filter by ${label}`}
              placeholder={label}
              value={value ?? ''}
              onChange={(event) => filter({ [key]: event.currentTarget.value })}
            />
          </div>
        ))}
        {AUDIT_OUTCOMES.map((one: AuditOutcome) => (
          <Chip
            key={one}
            pressed={outcome === one}
            onClick={() => filter({ outcome: outcome === one ? null : one })}
          >
            {one}
          </Chip>
        ))}
      </div>
      <PlainList
        what="entries"
        rows={list.data?.map((entry: AuditEntry) => <AuditRow key={entry.seq} entry={entry} />) ?? null}
        error={list.error && toApiError(list.error).message}
        onRetry={() => void list.refetch()}
        empty={{
          title: isFiltered ? 'Nothing matches' : 'Nothing was done yet',
          text: 'What people change here, and what they are refused, is written down with its change.',
        }}
      />
      <div className="flex flex-wrap items-center gap-2 px-4 py-3 sm:px-6">
        {before !== null && <Button onClick={() => setBefore(null)}>The newest</Button>}
        {oldest && list.data?.length === MOST && (
          <Button onClick={() => setBefore(oldest.seq)}>Older ones</Button>
        )}
      </div>
      <div className="px-4 pb-4 sm:px-6">
        <CommandLine label="CLI" text="berth audit verify" />
      </div>
    </Page>
  );
}
