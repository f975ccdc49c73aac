import type { Metadata } from 'next';
import { NoticesPage } from '../../_features/notices/index.ts';

export const metadata: Metadata = { title: 'Notices' };

export default function Page() {
  return <NoticesPage />;
}
