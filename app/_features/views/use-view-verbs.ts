'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { ChangeViewInput, CreateViewInput, SavedView } from '../../../server/view/schema.ts';
import { toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { notify } from '../../_ui/index.ts';

/** Keeping, changing and deleting views; a notice takes back what was deleted. */
export function useViewVerbs() {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const queries = useQueryClient();
  return useMemo(() => {
    const again = async () => {
      await queries.invalidateQueries({ queryKey: trpc.view.defaults.queryKey() });
      await queries.invalidateQueries({ queryKey: trpc.view.list.queryKey() });
    };
    const failed = (title: string) => (error: unknown) =>
      notify({ title, detail: toApiError(error).message, tone: 'bad' });
    const restore = async ({ id, name }: SavedView) => {
      await api.view.restore.mutate({ id }).then(again, failed(`could not bring back ${name}`));
    };
    return {
      create: async (input: CreateViewInput) => {
        await api.view.create.mutate(input);
        await again();
      },
      change: async (input: ChangeViewInput) => {
        await api.view.change.mutate(input);
        await again();
      },
      /** What the list opens with for oneself: a view, `all` guests, or as one's teams have it. */
      openWith: (view: string | null) =>
        api.view.setOwnDefault
          .mutate({ view })
          .then(again, failed('could not change what Guests opens with')),
      remove: async (view: SavedView) => {
        try {
          await api.view.delete.mutate({ id: view.id });
          await again();
          notify({
            title: `${view.name} is deleted`,
            action: { label: 'Undo', run: () => void restore(view) },
          });
        } catch (error) {
          failed(`could not delete ${view.name}`)(error);
        }
      },
    };
  }, [api, trpc, queries]);
}
