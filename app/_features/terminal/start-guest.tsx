'use client';

import { useMutation } from '@tanstack/react-query';
import { type GuestState, isAllowed, whyNot } from '../../../server/guest/state.ts';
import { toApiError, useMay, useTRPC } from '../../_trpc/index.ts';
import { Button, Icon } from '../../_ui/index.ts';

export interface StartGuestProps {
  guest: string;
  /** Its id. */
  id: string;
  state: GuestState;
  /** What the button says, where starting is not all that it does. */
  label?: string;
  /** The operation has begun. */
  onStarted?: (operation: string) => void;
}

/** The button that brings a guest up, or unfreezes it, from a place that needs it running. */
export function StartGuest({ guest, id, state, label, onStarted }: StartGuestProps) {
  const trpc = useTRPC();
  const refusal = useMay()('guest.run', id);
  const done = { onSuccess: (result: { operation: { id: string } }) => onStarted?.(result.operation.id) };
  const start = useMutation(trpc.guest.start.mutationOptions(done));
  const unfreeze = useMutation(trpc.guest.unfreeze.mutationOptions(done));
  const isFrozen = state === 'frozen';
  const action = isFrozen ? unfreeze : start;
  const verb = isFrozen ? 'unfreeze' : 'start';
  return (
    <div className="flex flex-col items-center gap-2">
      <Button
        look="primary"
        icon={isFrozen ? 'sun' : 'play'}
        busy={action.isPending}
        disabledReason={refusal ?? (isAllowed(verb, state) ? null : whyNot(verb, guest, state))}
        onClick={() => action.mutate({ guest })}
      >
        {label ?? (isFrozen ? 'Unfreeze' : 'Start')}
      </Button>
      {action.error && (
        <p role="alert" className="flex items-center gap-1.5 text-bad text-sm">
          <Icon name="warning" size={14} />
          {toApiError(action.error).message}
        </p>
      )}
    </div>
  );
}
