'use client';

import { useMutation } from '@tanstack/react-query';
import type { OperationView } from '../../../server/operation/schema.ts';
import { toApiError, useTRPC } from '../../_trpc/index.ts';
import { Button, ButtonLink, plural } from '../../_ui/index.ts';
import { openGuestDialog } from '../guests/index.ts';
import { PaneFooter } from './pane-footer.tsx';

export interface FailedOperationProps {
  guest: string;
  operation: OperationView;
  /** Another try has begun. */
  onOperation: (id: string) => void;
}

/** An operation that did not bring the guest up: why, what was undone, and the ways on. */
export function FailedOperation({ guest, operation, onOperation }: FailedOperationProps) {
  const trpc = useTRPC();
  const start = useMutation(
    trpc.guest.start.mutationOptions({ onSuccess: (result) => onOperation(result.operation.id) }),
  );
  const undone = operation.steps.filter((step) => step.status === 'undone').length;
  const reason =
    operation.status === 'cancelled' ? 'it was cancelled' : (operation.error?.message ?? 'it failed');
  const undoneText = undone > 0 ? ` · ${plural(undone, 'step')} undone, nothing half made remains` : '';
  const failure = start.error ? ` · ${toApiError(start.error).message}` : '';
  const isCreate = operation.kind === 'guest.create';
  return (
    <PaneFooter
      tone="bad"
      text={`${reason}${undoneText}${failure}`}
      actions={
        isCreate ? [] : [{ label: 'Try again', busy: start.isPending, run: () => start.mutate({ guest }) }]
      }
    >
      {isCreate ? (
        <Button look="primary" icon="plus" onClick={() => openGuestDialog({ kind: 'new' })}>
          New guest
        </Button>
      ) : (
        <ButtonLink href={`/guests/${guest}/console`}>Open console</ButtonLink>
      )}
    </PaneFooter>
  );
}
