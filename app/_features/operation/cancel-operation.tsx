'use client';

import { useMutation } from '@tanstack/react-query';
import type { OperationView } from '../../../server/operation/schema.ts';
import { toApiError, useMay, useTRPC } from '../../_trpc/index.ts';
import { Button, notify } from '../../_ui/index.ts';
import { operationTitle } from './operation-status.tsx';

/** Stops a running operation; what it did is undone. Says why where it cannot be. */
export function CancelOperation({ operation }: { operation: OperationView }) {
  const trpc = useTRPC();
  const cancel = useMutation(
    trpc.operation.cancel.mutationOptions({
      onError: (error) =>
        notify({
          title: `could not cancel ${operationTitle(operation)}`,
          detail: toApiError(error).message,
          tone: 'bad',
        }),
    }),
  );
  const { subject } = operation;
  const refusal = useMay()('guest.run', subject.type === 'guest' ? subject.id : undefined);
  if (operation.status !== 'running') return null;
  return (
    <Button
      icon="close"
      busy={cancel.isPending}
      disabledReason={
        refusal ??
        (operation.cancellable
          ? null
          : `${operation.kind} cannot be cancelled: it ends by itself in a moment`)
      }
      onClick={() => cancel.mutate({ id: operation.id })}
    >
      Cancel
    </Button>
  );
}
