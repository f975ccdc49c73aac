'use client';

import { useEffect, useState } from 'react';
import type { GuestProcess } from '../../../server/guest/effects-schema.ts';
import { toApiError, useTRPCClient } from '../../_trpc/index.ts';

/** The processes of a running guest while somebody looks; null until the first answer. `run` begins anew with each start. */
export function useProcesses(guest: string, run: number | null) {
  const api = useTRPCClient();
  const [processes, setProcesses] = useState<GuestProcess[] | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [attempt, setAttempt] = useState(0);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another attempt is another subscription
  useEffect(() => {
    setProcesses(null);
    setError(null);
    if (run === null) return;
    const stream = api.guest.processes.subscribe(
      { guest },
      { onData: setProcesses, onError: (cause) => setError(toApiError(cause).message) },
    );
    return () => stream.unsubscribe();
  }, [api, guest, run, attempt]);
  return { processes, error, retry: () => setAttempt((number) => number + 1) };
}
