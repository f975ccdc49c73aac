import type { Metadata } from 'next';
import { TerminalsPage } from '../../_features/terminals/index.ts';

export const metadata: Metadata = { title: 'Terminals' };

export default function Page() {
  return <TerminalsPage />;
}
