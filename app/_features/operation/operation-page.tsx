'use client';

import { useQuery } from '@tanstack/react-query';
import Link from 'next/link';
import { useParams } from 'next/navigation';
import { toApiError, useTRPC } from '../../_trpc/index.ts';
import {
  ButtonLink,
  EmptyState,
  EquivalentCommands,
  ErrorState,
  Icon,
  Page,
  PageHeader,
  RelativeTime,
  Skeleton,
  Steps,
} from '../../_ui/index.ts';
import { OperationOutput } from '../terminal/index.ts';
import { CancelOperation } from './cancel-operation.tsx';
import { OperationDuration, OperationStatusBadge, operationTitle } from './operation-status.tsx';

/** One operation: its steps, what it printed, who asked for it and how it ended. */
export function OperationPage() {
  const { id } = useParams<{ id: string }>();
  const trpc = useTRPC();
  const query = useQuery(trpc.operation.get.queryOptions({ id }));
  const operation = query.data;
  if (!operation) {
    const error = query.error ? toApiError(query.error) : null;
    return (
      <Page>
        {!error && <Skeleton className="m-6 w-64" />}
        {error?.code === 'not_found' && (
          <EmptyState
            title="There is no such operation"
            action={<ButtonLink href="/operations">All operations</ButtonLink>}
          >
            Old ones are forgotten after a while.
          </EmptyState>
        )}
        {error && error.code !== 'not_found' && (
          <ErrorState
            title="The operation could not be read"
            message={error.message}
            onRetry={() => void query.refetch()}
          />
        )}
      </Page>
    );
  }
  const { subject, error } = operation;
  return (
    <Page>
      <PageHeader
        title={operationTitle(operation)}
        summary={
          <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
            <OperationStatusBadge status={operation.status} />
            <span>by {operation.actor}</span>
            <RelativeTime at={operation.createdAt} />
            <span>
              took <OperationDuration operation={operation} />
            </span>
            {subject.type === 'guest' && (
              <Link
                className="hover:text-accent hover:underline"
                href={`/guests/${encodeURIComponent(subject.name)}`}
              >
                {subject.name}
              </Link>
            )}
          </div>
        }
        actions={<CancelOperation operation={operation} />}
      />
      {error && (
        <p
          role="alert"
          className="wrap-anywhere mx-4 mb-2 flex items-start gap-2 rounded-md bg-bad-soft px-3 py-2 text-bad text-sm sm:mx-6"
        >
          <Icon name="warning" className="mt-0.5" />
          {error.message}
        </p>
      )}
      <div className="flex min-h-0 flex-1 flex-col border-line border-t lg:flex-row">
        <div className="flex flex-col gap-4 p-4 sm:p-6 lg:w-96 lg:overflow-y-auto">
          <Steps steps={operation.steps} message={operation.message} />
          <EquivalentCommands
            cli={`berth operation wait ${operation.id}`}
            api={{ procedure: 'operation.get', input: { id: operation.id } }}
          />
        </div>
        <div className="flex min-h-64 min-w-0 flex-1 flex-col border-line max-lg:border-t lg:border-l">
          <OperationOutput id={operation.id} />
        </div>
      </div>
    </Page>
  );
}
