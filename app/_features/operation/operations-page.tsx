'use client';

import { useRouter, useSearchParams } from 'next/navigation';
import { Suspense } from 'react';
import { OPERATION_STATUSES } from '../../../server/operation/schema.ts';
import { Button, Chip, Page, PageHeader, TextInput } from '../../_ui/index.ts';
import { type OperationFilter, readFilter, writeFilter } from './operation-filter.ts';
import { OperationList } from './operation-list.tsx';

/** Every operation of this host. The filter is the address. */
export function OperationsPage() {
  return (
    <Suspense>
      <Operations />
    </Suspense>
  );
}

function Operations() {
  const router = useRouter();
  const filter = readFilter(useSearchParams());
  const isFiltered = Object.keys(filter).length > 0;
  const change = (next: OperationFilter) =>
    router.replace(`/operations${writeFilter(next)}`, { scroll: false });
  return (
    <Page>
      <PageHeader title="Operations" summary="what was done on this host, by whom, and how it went" />
      <div className="flex flex-wrap items-center gap-2 px-4 pb-2 sm:px-6">
        <div className="w-full sm:w-72">
          <TextInput
            type="search"
            aria-label="filter operations"
            placeholder="Filter by name, kind, person or error"
            defaultValue={filter.text ?? ''}
            onChange={(event) => change({ ...filter, text: event.currentTarget.value })}
          />
        </div>
        {OPERATION_STATUSES.map((status) => (
          <Chip
            key={status}
            pressed={filter.status === status}
            onClick={() => change({ ...filter, status: filter.status === status ? undefined : status })}
          >
            {status}
          </Chip>
        ))}
        {filter.subject && (
          <Chip onRemove={() => change({ ...filter, subject: undefined })}>{`of ${filter.subject}`}</Chip>
        )}
      </div>
      <OperationList
        filter={filter}
        empty={isFiltered ? 'No operation matches' : 'Nothing was done here yet'}
        emptyAction={isFiltered && <Button onClick={() => router.replace('/operations')}>Show all</Button>}
      />
    </Page>
  );
}
