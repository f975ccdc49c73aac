import type { Metadata } from 'next';
import { ImportPage } from '../../_features/guest-import/index.ts';

export const metadata: Metadata = { title: 'Import guests' };

export default function Page() {
  return <ImportPage />;
}
