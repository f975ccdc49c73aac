'use client';

import { useQuery } from '@tanstack/react-query';
import { useCallback } from 'react';
import { PERMISSIONS, type Permission, type RightsView } from '../../server/access/schema.ts';
import { useReadOnly } from '../_ui/read-only.ts';
import { useTRPC } from './client.ts';

/** What is only looked at; using a console is not, but who is in one goes on. */
const READS = /\.(view|watch)$/;

/** What a project has and no guest. */
const OF_PROJECTS = /^(guest\.create|volume\..*)$/;

/**
 * Why the person who is signed in may not do something, for a button's `disabledReason`; null when they may. Without a guest's id it
 * is about everything; `anywhere`: for any guest or project at all (in what project is what can be made); `{ project }`: for what is
 * of that one. The server decides again.
 */
export function useMay(): (permission: Permission, on?: string | { project: string }) => string | null {
  const trpc = useTRPC();
  const readOnly = useReadOnly();
  const user = useQuery(trpc.auth.me.queryOptions()).data?.user;
  return useCallback(
    (permission, on) => {
      if (readOnly !== null && !READS.test(permission)) return readOnly;
      if (!user) return null;
      if (isAllowed(user.rights, permission, on)) return null;
      return `you may not ${PERMISSIONS[permission]} (${permission}): an administrator grants it under People`;
    },
    [user, readOnly],
  );
}

function isAllowed(rights: RightsView, permission: Permission, on?: string | { project: string }): boolean {
  const { everywhere, guests, projects, tags } = rights;
  if (everywhere.includes(permission)) return true;
  if (typeof on === 'object') return projects[on.project]?.permissions.includes(permission) ?? false;
  const inProjects = Object.values(projects).filter(({ permissions }) => permissions.includes(permission));
  const inTags = Object.values(tags).filter(({ permissions }) => permissions.includes(permission));
  if (on === 'anywhere') {
    // What is made is in a project: a right to one guest is none to make others.
    const inGuests =
      !OF_PROJECTS.test(permission) &&
      (inTags.length > 0 || Object.values(guests).some((list) => list.includes(permission)));
    return inProjects.length > 0 || inGuests;
  }
  if (on === undefined) return false;
  const within = [...inProjects, ...inTags];
  return within.some(({ guests: ids }) => ids.includes(on)) || (guests[on]?.includes(permission) ?? false);
}
