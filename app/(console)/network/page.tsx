import type { Metadata } from 'next';
import { NetworkPage } from '../../_features/network/index.ts';

export const metadata: Metadata = { title: 'Network' };

export default function Page() {
  return <NetworkPage />;
}
