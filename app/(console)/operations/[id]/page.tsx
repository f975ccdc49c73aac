import type { Metadata } from 'next';

export { OperationPage as default } from '../../../_features/operation/index.ts';

export const metadata: Metadata = { title: 'Operation' };
