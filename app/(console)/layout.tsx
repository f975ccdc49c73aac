import type { ReactNode } from 'react';
import { Shell } from '../_features/shell/index.ts';

export default function ConsoleLayout({ children }: { children: ReactNode }) {
  return <Shell>{children}</Shell>;
}
