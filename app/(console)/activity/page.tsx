import type { Metadata } from 'next';
import { AuditPage } from '../../_features/audit/index.ts';

export const metadata: Metadata = { title: 'Who did what' };

export default function Page() {
  return <AuditPage />;
}
