'use client';

import { useEffect, useState } from 'react';
import type { ProbeProgress } from '../../../server/guest/probe-schema.ts';
import { useTRPCClient } from '../../_trpc/index.ts';

/** How far the trying of a guest's walls is, while it is under way; null before it has begun, and when that cannot be told. */
export function useProbing(guest: string, isUnderWay: boolean): ProbeProgress | null {
  const api = useTRPCClient();
  const [progress, setProgress] = useState<ProbeProgress | null>(null);
  useEffect(() => {
    setProgress(null);
    if (!isUnderWay) return;
    const stream = api.guest.probing.subscribe({ guest }, { onData: setProgress });
    return () => stream.unsubscribe();
  }, [api, guest, isUnderWay]);
  return progress;
}
