'use client';

import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import type { RecordingView } from '../../../server/recording/schema.ts';
import { useMay, useTRPC } from '../../_trpc/index.ts';
import type { Cast } from './cast.ts';

/** A moment worth going to. */
export interface Mark {
  id: string;
  time: number;
  what: string;
  source: 'recording' | 'operation' | 'audit' | 'kernel';
}

const OPERATIONS = 500;
const ENTRIES = 500;
/** Written down each time a browser comes to a terminal again, and done by nobody. */
const NO_MARK = new Set(['console.ticket']);

/** What happened while it was recorded: marks of its own, operations on the guest, what else people did to it, events of the kernel; oldest first. */
export function useMarks(recording: RecordingView | undefined, cast: Cast | undefined): Mark[] {
  const trpc = useTRPC();
  const guest = recording?.guestId ?? '';
  const enabled = recording !== undefined;
  const operations = useQuery(
    trpc.operation.list.queryOptions({ subject: guest, limit: OPERATIONS }, { enabled }),
  );
  // A guest that is gone has none.
  const events = useQuery(trpc.guest.events.queryOptions({ guest }, { enabled, retry: false }));
  const mayAudit = useMay()('audit.view', guest) === null;
  const until = recording?.endedAt ?? undefined;
  const audit = useQuery(
    trpc.audit.list.queryOptions(
      { guest, since: recording?.startedAt, until, limit: ENTRIES },
      { enabled: enabled && mayAudit, retry: false },
    ),
  );
  return useMemo(() => {
    if (!recording || !cast) return [];
    const begun = Date.parse(recording.startedAt);
    const at = (when: string) => (Date.parse(when) - begun) / 1000;
    const marks = ownMarks(cast);
    for (const { id, kind, actor, createdAt, status } of operations.data ?? [])
      marks.push({ id, time: at(createdAt), what: `${kind} by ${actor}: ${status}`, source: 'operation' });
    const told = new Set(operations.data?.map(({ id }) => id));
    for (const { seq, at: when, actor, action, outcome, operation } of audit.data ?? []) {
      // An operation has a mark of its own, which tells how it ended.
      if (NO_MARK.has(action) || (operation !== null && told.has(operation))) continue;
      const what = toldOf(action, actor, outcome);
      marks.push({ id: `audit ${seq}`, time: at(when), what, source: 'audit' });
    }
    for (const [index, event] of (events.data ?? []).entries())
      marks.push({ id: `event ${index}`, time: at(event.at), what: event.message, source: 'kernel' });
    return within(marks, cast.duration, at(until ?? recording.startedAt));
  }, [recording, cast, until, operations.data, audit.data, events.data]);
}

/** Oldest first; what came after the last output, and before the recording's end, is at the replay's end. Seconds. */
function within(marks: readonly Mark[], duration: number, end: number): Mark[] {
  return marks
    .filter(({ time }) => time >= 0 && time <= Math.max(duration, end))
    .map((mark) => ({ ...mark, time: Math.min(mark.time, duration) }))
    .sort((one, other) => one.time - other.time);
}

/** Those that the recording has itself. */
function ownMarks(cast: Cast): Mark[] {
  return cast.events
    .filter(({ code }) => code === 'm')
    .map(({ time, data }, index) => ({ id: `mark ${index}`, time, what: data, source: 'recording' }));
}

function toldOf(action: string, actor: string, outcome: string): string {
  return `${action} by ${actor}${outcome === 'done' ? '' : `: ${outcome}`}`;
}
