import type { Metadata } from 'next';
import { ImagesPage } from '../../_features/images/index.ts';

export const metadata: Metadata = { title: 'Images' };

export default function Page() {
  return <ImagesPage />;
}
