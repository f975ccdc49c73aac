import type { Metadata } from 'next';
import { TerminalDeskPage } from '../../../_features/terminals/index.ts';

export const metadata: Metadata = { title: 'Terminals' };

export default function Page() {
  return <TerminalDeskPage />;
}
