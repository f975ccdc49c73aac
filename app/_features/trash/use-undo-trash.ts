'use client';

import { useCallback } from 'react';
import { ALONE, mapPool, toApiError, useTRPCClient } from '../../_trpc/index.ts';
import { notify, plural } from '../../_ui/index.ts';

type Ref = { id: string; name: string };

/** Bring guests back that were just deleted, and tell how that went; what cannot come back stays in the trash. */
export function useUndoTrash(): (guests: readonly Ref[]) => Promise<void> {
  const api = useTRPCClient();
  return useCallback(
    async (guests) => {
      const failed: (Ref & { message: string })[] = [];
      await mapPool(guests, async ({ id, name }) => {
        try {
          await api.trash.restore.mutate({ guest: id, wait: true }, ALONE);
        } catch (error) {
          failed.push({ id, name, message: toApiError(error).message });
        }
      });
      const back = guests.filter(({ id }) => !failed.some((one) => one.id === id));
      const [first] = back;
      if (first)
        notify({
          title: back.length === 1 ? `${first.name} is back` : `${plural(back.length, 'guest')} are back`,
        });
      for (const { name, message } of failed)
        notify({ title: `${name} is still in the trash`, detail: message, tone: 'bad' });
    },
    [api],
  );
}
