'use client';

import { useMemo } from 'react';
import type { GuestView } from '../../../server/guest/schema.ts';
import { ALONE, toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { notify } from '../../_ui/index.ts';

/** What can be done to a guest at once, without a dialog. */
export type PlainVerb = 'start' | 'stop' | 'restart' | 'freeze' | 'unfreeze';

export const PLAIN_VERBS: readonly PlainVerb[] = ['start', 'stop', 'restart', 'freeze', 'unfreeze'];

const UNDO: Partial<Record<PlainVerb, { verb: PlainVerb; label: string }>> = {
  stop: { verb: 'start', label: 'Start again' },
  freeze: { verb: 'unfreeze', label: 'Unfreeze' },
  unfreeze: { verb: 'freeze', label: 'Freeze again' },
};

const DONE: Record<PlainVerb, string> = {
  start: 'started',
  stop: 'stopped',
  restart: 'restarted',
  freeze: 'frozen',
  unfreeze: 'unfrozen',
};

/** Verbs on guests. The row itself shows how it goes, by the event stream; a notice tells the end and how to undo it. */
export function useGuestActions() {
  const api = useTRPCClient();
  return useMemo(() => {
    /** Resolves when the operation has ended; rejects with the reason it failed for. */
    const perform = (verb: PlainVerb, name: string) =>
      api.guest[verb].mutate({ guest: name, wait: true }, ALONE);

    const act = async (verb: PlainVerb, guest: Pick<GuestView, 'name'>): Promise<void> => {
      try {
        await perform(verb, guest.name);
        const undo = UNDO[verb];
        notify({
          title: `${guest.name} is ${DONE[verb]}`,
          about: guest.name,
          action: undo && { label: undo.label, run: () => void act(undo.verb, guest) },
        });
      } catch (error) {
        notify({
          title: `could not ${verb} ${guest.name}`,
          detail: toApiError(error).message,
          tone: 'bad',
          about: guest.name,
        });
      }
    };
    return { act, perform };
  }, [api]);
}
