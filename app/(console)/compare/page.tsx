import type { Metadata } from 'next';
import { ComparePage } from '../../_features/isolation/index.ts';

export const metadata: Metadata = { title: 'Compare guests' };

export default function Page() {
  return <ComparePage />;
}
