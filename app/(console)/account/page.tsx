import type { Metadata } from 'next';
import { AccountPage } from '../../_features/people/index.ts';

export const metadata: Metadata = { title: 'Your account' };

export default function Page() {
  return <AccountPage />;
}
