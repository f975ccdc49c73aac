'use client';

import { GuestRecordings } from '../recordings/index.ts';
import { useGuest } from './use-guest.ts';

/** The Recordings tab. */
export function GuestRecordingsPage() {
  const { guest } = useGuest();
  return guest ? <GuestRecordings key={guest.id} guest={guest} /> : null;
}
