import type { Metadata } from 'next';
import { LoginPage } from '../../_features/auth/index.ts';

export const metadata: Metadata = { title: 'Sign in' };

export default function Page() {
  return <LoginPage />;
}
