'use client';

import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { PERMISSIONS, type Permission } from '../../server/access/schema.ts';
import { useReadOnly } from '../_ui/read-only.ts';
import { useTRPC } from './client.ts';

/** What is only looked at; using a console is not, but who is in one goes on. */
const READS = /\.(view|watch)$/;

/**
 * Why the person who is signed in may not do something, for a button's `disabledReason`; null when they may. Without a guest's id it
 * is about everything; `anywhere`: for any guest or project at all (in what project is what can be made). The server decides again.
 */
export function useMay(): (permission: Permission, guest?: string) => string | null {
  const trpc = useTRPC();
  const readOnly = useReadOnly();
  const user = useQuery(trpc.auth.me.queryOptions()).data?.user;
  return useCallback(
    (permission, guest) => {
      if (readOnly !== null && !READS.test(permission)) return readOnly;
      if (!user) return null;
      const { everywhere, guests, projects, tags } = user.rights;
      if (everywhere.includes(permission)) return null;
      const inProjects = Object.values(projects).filter(({ permissions }) =>
        permissions.includes(permission),
      );
      // What is made is in a project: a right to one guest is none to make others.
      const inTags = Object.values(tags).filter(({ permissions }) => permissions.includes(permission));
      const inGuests =
        permission !== 'guest.create' &&
        (inTags.length > 0 || Object.values(guests).some((list) => list.includes(permission)));
      if (guest === 'anywhere' && (inProjects.length > 0 || inGuests)) return null;
      const within = [...inProjects, ...inTags];
      if (guest !== undefined && within.some(({ guests: ids }) => ids.includes(guest))) return null;
      if (guest !== undefined && guests[guest]?.includes(permission)) return null;
      return `you may not ${PERMISSIONS[permission]} (${permission}): an administrator grants it under People`;
    },
    [user, readOnly],
  );
}
