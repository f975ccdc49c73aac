import type { Metadata } from 'next';
import { HostPage } from '../../_features/host/index.ts';

export const metadata: Metadata = { title: 'Host' };

export default function Page() {
  return <HostPage />;
}
