'use client';

import { useSyncExternalStore } from 'react';
import type { BerthEvent } from '../../server/event/schema.ts';

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
export function useGuestEvents(id: string): readonly GuestEvent[] {
  return useSyncExternalStore(
    subscribe,
    () => byGuest.get(id) ?? NONE,
    () => NONE,
  );
}
