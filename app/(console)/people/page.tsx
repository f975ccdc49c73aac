import type { Metadata } from 'next';
import { PeoplePage } from '../../_features/people/index.ts';

export const metadata: Metadata = { title: 'People' };

export default function Page() {
  return <PeoplePage />;
}
