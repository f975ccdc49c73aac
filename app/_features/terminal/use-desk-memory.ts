'use client';

import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import type { StoredDesk } from '../../../server/desk/schema.ts';
import { useTRPC, useTRPCClient } from '../../_trpc/index.ts';
import { useStable } from '../../_ui/index.ts';
import { DeskMemory } from './desk-memory.ts';

/**
 * How the signed-in person has laid out a guest's terminals, or those of many guests. `onMerged` is told when another browser of
 * theirs has changed it meanwhile.
 */
export function useDeskMemory(guest: string | null, onMerged: (desk: StoredDesk) => void) {
  const trpc = useTRPC();
  const api = useTRPCClient();
  const user = useQuery(trpc.auth.me.queryOptions()).data?.user?.id;
  const [memory, setMemory] = useState<DeskMemory | null>(null);
  const [remembered, setRemembered] = useState<StoredDesk | null>(null);
  const merged = useStable(onMerged);
  useEffect(() => {
    if (user === undefined) return;
    const of = guest === null ? {} : { guest };
    const made = new DeskMemory({
      key: `${user}:${guest === null ? 'all' : `guest:${guest}`}`,
      server: {
        get: () => api.desk.get.query(of),
        save: (version, desk) => api.desk.save.mutate({ ...of, version, desk }),
      },
      onMerged: merged,
    });
    let isLeft = false;
    const flush = () => document.visibilityState === 'hidden' && made.flush();
    document.addEventListener('visibilitychange', flush);
    setMemory(made);
    setRemembered(null);
    void made.recall().then((desk) => {
      if (!isLeft) setRemembered(desk);
    });
    return () => {
      isLeft = true;
      document.removeEventListener('visibilitychange', flush);
      made.end();
    };
  }, [api, user, guest, merged]);
  return { memory, remembered };
}
