import type { Metadata } from 'next';
import { GuestsPage } from '../../_features/guests/index.ts';

export const metadata: Metadata = { title: 'Guests' };

export default function Page() {
  return <GuestsPage />;
}
