import type { Metadata } from 'next';
import { SetupPage } from '../../_features/auth/index.ts';

export const metadata: Metadata = { title: 'Set up' };

export default function Page() {
  return <SetupPage />;
}
