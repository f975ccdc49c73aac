import type { Metadata } from 'next';

export { GuestLayout as default } from '../../../_features/guest-page/index.ts';

export async function generateMetadata({ params }: { params: Promise<{ name: string }> }): Promise<Metadata> {
  return { title: decodeURIComponent((await params).name) };
}
