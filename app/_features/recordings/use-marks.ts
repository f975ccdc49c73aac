'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { RecordingView } from '../../../server/recording/schema.ts';
import { useTRPC } from '../../_trpc/index.ts';
import type { Cast } from './cast.ts';

/** A moment worth going to. */
export interface Mark {
  id: string;
  time: number;
  what: string;
  source: 'recording' | 'operation' | 'kernel';
}

const OPERATIONS = 500;

/** What happened while it was recorded: marks of its own, operations on the guest, events of the kernel; oldest first. */
export function useMarks(recording: RecordingView | undefined, cast: Cast | undefined): Mark[] {
  const trpc = useTRPC();
  const guest = recording?.guestId ?? '';
  const enabled = recording !== undefined;
  const operations = useQuery(
    trpc.operation.list.queryOptions({ subject: guest, limit: OPERATIONS }, { enabled }),
  );
  // A guest that is gone has none.
  const events = useQuery(trpc.guest.events.queryOptions({ guest }, { enabled, retry: false }));
  return useMemo(() => {
    if (!recording || !cast) return [];
    const begun = Date.parse(recording.startedAt);
    const at = (when: string) => (Date.parse(when) - begun) / 1000;
    const marks: Mark[] = cast.events
      .filter(({ code }) => code === 'm')
      .map(({ time, data }, index) => ({ id: `mark ${index}`, time, what: data, source: 'recording' }));
    for (const { id, kind, actor, createdAt, status } of operations.data ?? [])
      marks.push({ id, time: at(createdAt), what: `${kind} by ${actor}: ${status}`, source: 'operation' });
    for (const [index, event] of (events.data ?? []).entries())
      marks.push({ id: `event ${index}`, time: at(event.at), what: event.message, source: 'kernel' });
    return marks
      .filter(({ time }) => time >= 0 && time <= cast.duration)
      .sort((one, other) => one.time - other.time);
  }, [recording, cast, operations.data, events.data]);
}
