import type { Metadata } from 'next';

export { RecordingPage as default } from '../../../_features/recordings/index.ts';

export const metadata: Metadata = { title: 'Recording' };
