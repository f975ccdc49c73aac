'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { DescribeGuestInput } from '../../../server/guest/record-schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import { type ApiError, toApiError, useTRPC, useTRPCClient } from '../../_trpc/index.ts';

/** Changing tags, notes or owner of a guest: whether it is at work, and why it was refused. */
export function useDescribe(guest: Pick<GuestView, 'id' | 'name'>) {
  const api = useTRPCClient();
  const trpc = useTRPC();
  const queries = useQueryClient();
  const [isSaving, setSaving] = useState(false);
  const [failure, setFailure] = useState<ApiError | null>(null);

  /** Resolves to whether it was taken. What was changed elsewhere meanwhile is read, so that it can be shown. */
  const save = async (change: Omit<DescribeGuestInput, 'guest'>): Promise<boolean> => {
    setSaving(true);
    setFailure(null);
    try {
      const view = await api.guest.describe.mutate({ guest: guest.id, ...change });
      queries.setQueryData(trpc.guest.get.queryKey({ guest: guest.name }), view);
      return true;
    } catch (error) {
      const failed = toApiError(error);
      if (failed.code === 'changed_meanwhile')
        await queries.invalidateQueries({ queryKey: trpc.guest.get.queryKey({ guest: guest.name }) });
      setFailure(failed);
      return false;
    } finally {
      setSaving(false);
    }
  };
  return { save, isSaving, failure, forget: () => setFailure(null) };
}
