import type { Metadata } from 'next';
import { VolumesPage } from '../../_features/volumes/index.ts';

export const metadata: Metadata = { title: 'Volumes' };

export default function Page() {
  return <VolumesPage />;
}
