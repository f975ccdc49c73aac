'use client';

import { useEffect, useState } from 'react';
import type { GuestEffects } from '../../../server/guest/effects-schema.ts';
import type { GuestView } from '../../../server/guest/schema.ts';
import { toApiError, useTRPCClient } from '../../_trpc/index.ts';

/** What limits did to a guest since it started, about once a second; with each start it begins anew. */
export function useEffects({ id, initPid }: Pick<GuestView, 'id' | 'initPid'>) {
  const api = useTRPCClient();
  const [effects, setEffects] = useState<GuestEffects | null>(null);
  const [error, setError] = useState<string | null>(null);
  useEffect(() => {
    setEffects(null);
    setError(null);
    if (initPid === null) return;
    const stream = api.guest.effects.subscribe(
      { guest: id },
      { onData: setEffects, onError: (cause) => setError(toApiError(cause).message) },
    );
    return () => stream.unsubscribe();
  }, [api, id, initPid]);
  return { effects, error };
}
