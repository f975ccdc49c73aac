'use client';

import { useQuery } from '@tanstack/react-query';
import { useSyncExternalStore } from 'react';
import type { BerthEvent } from '../../server/event/schema.ts';
import { useTRPC } from './client.ts';

/** What the kernel did to a guest, as the event stream tells it. */
export type GuestEvent = Extract<BerthEvent, { type: 'guest.event' }>;

/** As many as the server remembers of each guest. */
const KEPT = 200;
const NONE: readonly GuestEvent[] = [];

const byGuest = new Map<string, readonly GuestEvent[]>();
const followers = new Set<() => void>();
const listeners = new Set<(event: GuestEvent) => void>();

/** Hear each event as it comes; returns how to stop. */
export function onGuestEvent(listener: (event: GuestEvent) => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Keep one more event and tell it to who listens. */
export function takeGuestEvent(event: GuestEvent): void {
  byGuest.set(event.guest, [...(byGuest.get(event.guest) ?? NONE), event].slice(-KEPT));
  for (const listener of listeners) listener(event);
  for (const follower of followers) follower();
}

function subscribe(follower: () => void) {
  followers.add(follower);
  return () => followers.delete(follower);
}

/** The events of a guest since this page was loaded, oldest first. */
function useGuestEvents(id: string): readonly GuestEvent[] {
  return useSyncExternalStore(
    subscribe,
    () => byGuest.get(id) ?? NONE,
    () => NONE,
  );
}

const identity = ({ at, kind }: GuestEvent) => `${at} ${kind}`;

/** What the server remembers and what came since, each once, the newest first. Pure. */
export function mergeEvents(
  remembered: readonly GuestEvent[],
  seen: readonly GuestEvent[],
): readonly GuestEvent[] {
  const known = new Set(remembered.map(identity));
  return [...remembered, ...seen.filter((event) => !known.has(identity(event)))].sort((a, b) =>
    b.at.localeCompare(a.at),
  );
}

/** The last events of a guest, also of before this page was loaded, the newest first; live. */
export function useGuestEventHistory(id: string) {
  const trpc = useTRPC();
  const query = useQuery(trpc.guest.events.queryOptions({ guest: id }, { refetchOnMount: 'always' }));
  const seen = useGuestEvents(id);
  return { ...query, events: mergeEvents(query.data ?? NONE, seen) };
}
