'use client';

import { formatBytes, Page, PageHeader, plural } from '../../_ui/index.ts';
import { AlwaysBox } from './always-box.tsx';
import { RecordingList } from './recording-list.tsx';
import { useRecordings } from './use-recordings.ts';

/** The recordings of all guests. */
export function RecordingsPage() {
  const list = useRecordings(null);
  const { data } = list;
  return (
    <Page>
      <PageHeader
        title="Recordings"
        summary={
          data &&
          `${plural(data.recordings.length, 'recording')} · ${formatBytes(data.usedBytes)} of ${formatBytes(data.limits.quotaBytes)} · kept for ${plural(data.limits.keepDays, 'day')}`
        }
      />
      <AlwaysBox guest={null} onChanged={list.refetch} />
      <RecordingList list={list} showsGuest />
    </Page>
  );
}
