import type { Metadata } from 'next';
import { JoinPage } from '../../_features/auth/index.ts';

export const metadata: Metadata = { title: 'Join' };

export default function Page() {
  return <JoinPage />;
}
