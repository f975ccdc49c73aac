import type { Metadata } from 'next';
import { TrashPage } from '../../_features/trash/index.ts';

export const metadata: Metadata = { title: 'Trash' };

export default function Page() {
  return <TrashPage />;
}
