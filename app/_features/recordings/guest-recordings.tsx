'use client';

import type { GuestView } from '../../../server/guest/schema.ts';
import { AlwaysBox } from './always-box.tsx';
import { RecordingList } from './recording-list.tsx';
import { useRecordings } from './use-recordings.ts';

/** The recordings of one guest, and whether its terminals are always recorded. */
export function GuestRecordings({ guest }: { guest: GuestView }) {
  const list = useRecordings(guest.id);
  return (
    <>
      <AlwaysBox guest={guest} onChanged={list.refetch} />
      <RecordingList list={list} showsGuest={false} />
    </>
  );
}
