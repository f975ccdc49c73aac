import type { Metadata } from 'next';
import { RecordingsPage } from '../../_features/recordings/index.ts';

export const metadata: Metadata = { title: 'Recordings' };

export default function Page() {
  return <RecordingsPage />;
}
