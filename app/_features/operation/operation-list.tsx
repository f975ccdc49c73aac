'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useRouter } from 'next/navigation';
import type { ReactNode } from 'react';
import type { OperationView } from '../../../server/operation/schema.ts';
import { toApiError, useTRPC } from '../../_trpc/index.ts';
import { type Column, DataTable, EmptyState, ErrorState, RelativeTime, Skeleton } from '../../_ui/index.ts';
import { matchesText, type OperationFilter } from './operation-filter.ts';
import { OperationDuration, OperationStatusBadge, operationTitle } from './operation-status.tsx';

/** The server's own most for one page. */
const LIMIT = 500;

const COLUMNS: readonly Column<OperationView>[] = [
  {
    id: 'operation',
    header: 'Operation',
    width: 'minmax(160px, 2fr)',
    cell: (operation) => (
      <Link
        href={`/operations/${operation.id}`}
        className="truncate rounded-sm font-medium hover:text-accent hover:underline"
      >
        {operationTitle(operation)}
      </Link>
    ),
  },
  {
    id: 'status',
    header: 'Status',
    width: '120px',
    cell: (operation) => <OperationStatusBadge status={operation.status} plain />,
  },
  {
    id: 'detail',
    header: 'Step or error',
    width: 'minmax(160px, 3fr)',
    cell: (operation) => <OperationDetail operation={operation} />,
  },
  {
    id: 'actor',
    header: 'By',
    width: '112px',
    cell: (operation) => <span className="truncate">{operation.actor}</span>,
  },
  {
    id: 'duration',
    header: 'Took',
    width: '96px',
    align: 'end',
    cell: (operation) => <OperationDuration operation={operation} />,
  },
  {
    id: 'when',
    header: 'Began',
    width: '112px',
    align: 'end',
    cell: (operation) => <RelativeTime at={operation.createdAt} />,
  },
];

export interface OperationListProps {
  filter: OperationFilter;
  /** What an empty list says. */
  empty: string;
  emptyAction?: ReactNode;
}

/** Operations, newest first, each row as it is now. */
export function OperationList({ filter, empty, emptyAction }: OperationListProps) {
  const { text, ...asked } = filter;
  const trpc = useTRPC();
  const router = useRouter();
  const query = useQuery(trpc.operation.list.queryOptions({ ...asked, limit: LIMIT }));
  if (query.error && !query.data) {
    return (
      <ErrorState
        title="The operations could not be read"
        message={toApiError(query.error).message}
        onRetry={() => void query.refetch()}
      />
    );
  }
  if (!query.data) {
    return (
      <div className="flex flex-col gap-4 p-6" aria-busy="true">
        {['a', 'b', 'c'].map((key) => (
          <Skeleton key={key} />
        ))}
      </div>
    );
  }
  const rows = text ? query.data.filter((operation) => matchesText(operation, text)) : query.data;
  if (rows.length === 0) return <EmptyState title={empty} action={emptyAction} />;
  return (
    <DataTable
      label="operations"
      rows={rows}
      columns={COLUMNS}
      rowKey={(operation) => operation.id}
      rowLabel={operationTitle}
      onOpen={(operation) => router.push(`/operations/${operation.id}`)}
      compact={(operation) => <CompactOperation operation={operation} />}
    />
  );
}

function OperationDetail({ operation }: { operation: OperationView }) {
  if (operation.error) return <span className="truncate text-bad">{operation.error.message}</span>;
  const step = operation.steps.find((one) => one.status === 'running');
  if (!step) return null;
  const percent = operation.progress === null ? '' : ` ${Math.floor(operation.progress * 100)}%`;
  return <span className="truncate text-muted">{`${step.name}${percent} ${operation.message ?? ''}`}</span>;
}

function CompactOperation({ operation }: { operation: OperationView }) {
  return (
    <div className="flex min-w-0 flex-col gap-0.5">
      <div className="flex items-center justify-between gap-2">
        <Link href={`/operations/${operation.id}`} className="truncate font-medium">
          {operationTitle(operation)}
        </Link>
        <OperationStatusBadge status={operation.status} plain />
      </div>
      <div className="flex items-center justify-between gap-2 text-muted text-xs">
        <span className="truncate">{operation.error?.message ?? `by ${operation.actor}`}</span>
        <RelativeTime at={operation.createdAt} />
      </div>
    </div>
  );
}
