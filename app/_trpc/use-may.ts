'use client';

import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { PERMISSIONS, type Permission } from '../../server/access/schema.ts';
import { useTRPC } from './client.ts';

/**
 * Why the person who is signed in may not do something, for a button's `disabledReason`; null when they may. Without a guest's id it
 * is about everything; `anywhere`: for any guest at all. The server decides again.
 */
export function useMay(): (permission: Permission, guest?: string) => string | null {
  const trpc = useTRPC();
  const user = useQuery(trpc.auth.me.queryOptions()).data?.user;
  return useCallback(
    (permission, guest) => {
      if (!user) return null;
      const { everywhere, guests } = user.rights;
      if (everywhere.includes(permission)) return null;
      if (guest === 'anywhere' && Object.values(guests).some((list) => list.includes(permission)))
        return null;
      if (guest !== undefined && guests[guest]?.includes(permission)) return null;
      return `you may not ${PERMISSIONS[permission]} (${permission}): an administrator grants it under People`;
    },
    [user],
  );
}
