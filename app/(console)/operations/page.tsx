import type { Metadata } from 'next';

export { OperationsPage as default } from '../../_features/operation/index.ts';

export const metadata: Metadata = { title: 'Operations' };
