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
    const again = () => queries.invalidateQueries({ queryKey: trpc.view.list.queryKey() });
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
